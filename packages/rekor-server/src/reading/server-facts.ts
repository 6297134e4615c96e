import { frozenLineOf, parseCheckpoint } from '@tilewright/core/checkpoint';
import { parseNote } from '@tilewright/core/note';
import { asciiJson } from '../encoding/ascii-json.ts';
import type { BuildInfo } from '../metrics/server-metrics.ts';
import type { ReadPath } from './read-path.ts';

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

/**
 * The line of the published checkpoint that says that the log takes nothing more; nothing where it goes on. Neither a log
 * without a checkpoint nor one that cannot be read says anything.
 */
export async function frozenLineFrom(readPath: Pick<ReadPath, 'checkpoint'>): Promise<string | undefined> {
  try {
    const note = await readPath.checkpoint();
    return note && frozenLineOf(parseCheckpoint(parseNote(note).text));
  } catch {
    return undefined;
  }
}

/** JSON of `GET /log-info`; `frozen` is there for a log that takes nothing more, and is what its checkpoint says of that. */
export function logInfoJson(facts: LogFacts, frozen?: string): string {
  return asciiJson({
    origin: facts.origin,
    logId: Buffer.from(facts.logId).toString('base64'),
    vkey: facts.vkey,
    keyDetails: facts.keyDetails,
    publicKeyPem: facts.spkiPem,
    frozen,
  });
}

/** JSON of `GET /version`. */
export function versionJson(build: BuildInfo): string {
  const { version, revision, buildDate } = build;
  return asciiJson({ name: 'tilewright', version, revision, buildDate, node: process.version });
}
