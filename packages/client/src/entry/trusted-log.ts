import { encodeBase64, equalBytes } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { formatVerifierKey, KEY_TYPE, type NoteVerifier, noteKeyHash, parseVerifierKey } from '@tilewright/core/note';
import { ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { bareHost, type TransparencyLog, type TrustedRoot } from '@tilewright/trust';
import { ClientError } from '../client-error.ts';

/** What has to be known of a log before anything that it says is believed. A `LogVerifier` of the signer package is one. */
export interface TrustedLog {
  /** First line of its checkpoints. */
  readonly origin: string;
  /** 32 bytes; what its answers carry as `logId.keyId`. */
  readonly logId: Uint8Array;
  readonly verifier: NoteVerifier;
}

/**
 * The Rekor v2 log of a trusted root that has this id. Its origin is the bare host of its URL, as all clients have it.
 * The log's period of validity is not looked at: entries of Rekor v2 have no time, and a shard's stay valid after its end.
 *
 * @throws ClientError `untrusted` when no log has the id, or the id is not the one that origin and key make;
 *   `unsupported` when its key is of a kind that no Rekor v2 checkpoint is verified with here
 */
export function trustedLogById(root: TrustedRoot, logId: Uint8Array): TrustedLog {
  const log = root.tlogs.find((candidate) => equalBytes(candidate.logId, logId));
  if (log === undefined) {
    const known = root.tlogs.map((candidate) => candidate.baseUrl).join(', ') || 'none';
    const shown = encodeBase64(logId.subarray(0, 32));
    throw new ClientError('untrusted', `no log of the trusted root has the id ${shown}; it has these logs: ${known}`);
  }
  return trustedLogOf(log);
}

function trustedLogOf(log: TransparencyLog): TrustedLog {
  const origin = bareHost(log.baseUrl);
  const { rawBytes, keyDetails } = log.publicKey;
  const type = keyDetails === 'PKIX_ED25519' ? KEY_TYPE.ed25519 : KEY_TYPE.ecdsa;
  if (type === KEY_TYPE.ecdsa && !keyDetails.startsWith('PKIX_ECDSA_')) {
    throw new ClientError(
      'unsupported',
      `checkpoints are not verified with keys of the kind ${keyDetails}: ${log.baseUrl}`,
    );
  }
  // The raw Ed25519 key is the end of its SubjectPublicKeyInfo.
  const material = type === KEY_TYPE.ed25519 ? rawBytes.subarray(-32) : rawBytes;
  try {
    const hash = noteKeyHash(origin, type, material);
    const key = parseVerifierKey(formatVerifierKey(origin, type, material));
    const verifier = type === KEY_TYPE.ed25519 ? ed25519NoteVerifier(key) : ecdsaNoteVerifier(key);
    if (equalBytes(hash, log.logId)) return { origin, logId: log.logId, verifier };
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new ClientError('untrusted', `the key of ${log.baseUrl} cannot be used: ${cause.message}`, { cause });
  }
  throw new ClientError(
    'untrusted',
    `the id of ${log.baseUrl} is not the one of origin "${origin}" and its key: a Rekor v1 log, or a wrong URL`,
  );
}
