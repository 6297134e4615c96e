import { CoreError } from '../core-error.ts';
import type { NoteSigner } from '../note/note-signature.ts';
import { formatSignatureLine } from '../note/signature-line.ts';
import type { Cosigner } from './cosigner.ts';

/** The cosigner as a signer of notes whose every signature has this time, for `signNote`. */
export function signerAt({ key, cosign }: Cosigner, timestamp: bigint): NoteSigner {
  return { name: key.name, keyId: key.keyId, sign: (text) => cosign(text, timestamp) };
}

/**
 * The lines with which a witness answers for a checkpoint: one a cosigner, in their order, each with its newline
 * (tlog-witness, "add-checkpoint"). Whether the checkpoint follows from the one cosigned before is for the caller to
 * have checked and recorded.
 *
 * @param text of the checkpoint's note
 * @param timestamp seconds since 1970: 1 … 2^63-1; a witness never answers with 0
 * @throws CoreError as `Cosigner.cosign`, and `out-of-range` for timestamp 0; what a key throws.
 */
export async function cosignCheckpoint(
  text: Uint8Array,
  cosigners: readonly Cosigner[],
  timestamp: bigint,
): Promise<string> {
  if (timestamp === 0n) throw new CoreError('out-of-range', 'the timestamp of a cosigned checkpoint is not zero');
  const lines = await Promise.all(
    cosigners.map(async ({ key, cosign }) => formatSignatureLine(key.name, key.keyId, await cosign(text, timestamp))),
  );
  return lines.join('');
}
