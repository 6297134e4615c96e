import { type Checkpoint, parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { CoreError } from '../core-error.ts';
import type { NoteSignature, NoteVerifier, VerifierKey } from '../note/index.ts';
import { openNote, parseNote } from '../note/index.ts';
import { isQuorum, type Policy, type PolicyLog, type PolicyWitness } from './policy.ts';

/** Makes the verifier of a key: which types of signature are understood is the caller's choice. Throws for other types. */
export type VerifierOf = (key: VerifierKey) => NoteVerifier;

/** A checkpoint that a policy accepts. */
export interface PolicyCheckpoint extends Checkpoint {
  readonly note: Uint8Array;
  /** A listed log that signed it. */
  readonly log: PolicyLog;
  /** The listed witnesses that cosigned it, each with its signature. */
  readonly cosigned: readonly { readonly witness: PolicyWitness; readonly signature: NoteSignature }[];
}

/**
 * The checkpoint in a signed note, when the policy accepts it: signed by a listed log whose key has the checkpoint's
 * origin for its name, and cosigned by the quorum (tlog-policy, "Policy evaluation"). A signature that names a listed
 * key and does not verify refuses the whole note.
 *
 * @throws CoreError `malformed`, `bad-signature`; `unknown-key` when no listed log of that origin signed it, or the
 *   quorum is not met; what `verifierOf` throws.
 */
export function openWithPolicy(note: Uint8Array, policy: Policy, verifierOf: VerifierOf): PolicyCheckpoint {
  const checkpoint = parseCheckpoint(parseNote(note).text);
  const logs = policy.logs.filter(({ key }) => key.name === checkpoint.origin);
  if (logs.length === 0) throw new CoreError('unknown-key', 'the policy lists no log of this origin');
  const verifiers = [...logs, ...policy.witnesses].map(({ key }) => verifierOf(key));
  const { verified } = openNote(note, verifiers);
  const signatureBy = (key: VerifierKey): NoteSignature | undefined =>
    verified.find(({ name, keyId }) => name === key.name && keyId === key.keyId);
  const log = logs.find(({ key }) => signatureBy(key) !== undefined);
  if (log === undefined) throw new CoreError('unknown-key', 'no log that the policy lists has signed this checkpoint');
  const cosigned = policy.witnesses.flatMap((witness) => {
    const signature = signatureBy(witness.key);
    return signature === undefined ? [] : [{ witness, signature }];
  });
  if (!isQuorum(policy, (witness) => cosigned.some((each) => each.witness === witness))) {
    const names = cosigned.length === 0 ? 'no witness' : `${cosigned.length} of ${policy.witnesses.length} witnesses`;
    throw new CoreError('unknown-key', `the policy's quorum is not met: ${names} cosigned this checkpoint`);
  }
  return { ...checkpoint, note, log, cosigned };
}
