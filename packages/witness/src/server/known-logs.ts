import { concatBytes, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import type { Cosigner } from '@tilewright/core/cosignature';
import { CoreError } from '@tilewright/core/error';
import type { NoteVerifier, VerifierKey } from '@tilewright/core/note';
import { type Policy, parsePolicy } from '@tilewright/core/policy';
import { noteVerifierOf, SignerError } from '@tilewright/signer';
import { WitnessError } from '../witness-error.ts';

/** The logs that a witness cosigns for: the keys of each by origin. */
export type KnownLogs = ReadonlyMap<string, readonly NoteVerifier[]>;

const NO_QUORUM = encodeUtf8('\nquorum none\n');

/**
 * Reads the file of known logs: a policy in the syntax of tlog-policy, of which the `log <vkey>` lines count. A policy
 * that clients have serves as it stands; a file of `log` lines alone, without a quorum, is enough. A log that changes its
 * key has two lines for a while.
 *
 * @param cosigners of the witness: a log must not sign with one of their keys
 * @throws WitnessError `bad-logs`, naming the line; `bad-key` for a key that is a log's and the witness's
 */
export function readKnownLogs(file: Uint8Array, cosigners: readonly Cosigner[]): KnownLogs {
  const logs = new Map<string, NoteVerifier[]>();
  for (const { key } of policyIn(file).logs) {
    requireOtherKey(key, cosigners);
    logs.set(key.name, [...(logs.get(key.name) ?? []), verifierOf(key)]);
  }
  return logs;
}

function policyIn(file: Uint8Array): Policy {
  try {
    return parsePolicy(concatBytes(file, NO_QUORUM));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
  }
  // It has a quorum of its own, or another mistake, which is told with the line that it has.
  try {
    return parsePolicy(file);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new WitnessError('bad-logs', cause.message, { cause });
  }
}

function verifierOf(key: VerifierKey): NoteVerifier {
  try {
    return noteVerifierOf(key);
  } catch (cause) {
    if (!(cause instanceof SignerError)) throw cause;
    throw new WitnessError('bad-logs', `the key of the log ${key.name}: ${cause.message}`, { cause });
  }
}

/** One key for two purposes: what the log signs could pass for what the witness says (tlog-cosignature, "Ed25519"). */
function requireOtherKey(key: VerifierKey, cosigners: readonly Cosigner[]): void {
  if (cosigners.every((own) => !equalBytes(own.key.key, key.key))) return;
  throw new WitnessError('bad-key', `the log ${key.name} has the same key as this witness: make one of its own`);
}
