import { asciiJson } from '../encoding/ascii-json.ts';
import type { BuildInfo } from '../metrics/server-metrics.ts';

/** The public facts of a log, as `GET /log-info` tells them. The signer package's `LogVerifier` is one. */
export interface LogFacts {
  /** First line of every checkpoint. */
  readonly origin: string;
  /** 32 bytes: the full key hash, Rekor's `logId.keyId`. */
  readonly logId: Uint8Array;
  /** Verifier key of signed notes. */
  readonly vkey: string;
  /** The public key, `PUBLIC KEY` PEM. */
  readonly spkiPem: string;
  /** Name in the protobuf enum `PublicKeyDetails`. */
  readonly keyDetails: string;
}

/** Why the server is not ready, as a sentence; `undefined` when it is. */
export type Readiness = () => string | undefined;

/** JSON of `GET /log-info`. */
export function logInfoJson(facts: LogFacts): string {
  return asciiJson({
    origin: facts.origin,
    logId: Buffer.from(facts.logId).toString('base64'),
    vkey: facts.vkey,
    keyDetails: facts.keyDetails,
    publicKeyPem: facts.spkiPem,
  });
}

/** JSON of `GET /version`. */
export function versionJson(build: BuildInfo): string {
  const { version, revision, buildDate } = build;
  return asciiJson({ name: 'tilewright', version, revision, buildDate, node: process.version });
}
