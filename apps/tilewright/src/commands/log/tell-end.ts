import { encodeBase64 } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { openNote } from '@tilewright/core/note';
import type { Frozen } from '@tilewright/log';
import { noteVerifierOf } from '@tilewright/signer';
import type { WitnessPolicy } from '@tilewright/witness';
import type { Io } from '../../terminal/io.ts';
import { printFacts } from '../../terminal/print-facts.ts';

/** What is told beside the end itself. */
export interface EndFacts {
  readonly origin: string;
  readonly policy: WitnessPolicy | undefined;
  /** Why witnesses did not cosign, by name, of those who were asked now. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly json: boolean;
}

/** Tells the operator of a log's end, and who has not cosigned its last checkpoint. */
export function tellEnd(
  { publication, line, already, enough }: Frozen,
  { origin, policy, reasons, json }: EndFacts,
  io: Io,
): void {
  const missing = (policy === undefined ? [] : missingIn(publication.note, policy)).map((witness) => ({
    witness,
    reason: reasons.get(witness) ?? 'was not asked',
  }));
  const facts = {
    origin,
    already,
    size: publication.tree.size,
    rootHash: encodeBase64(publication.tree.root),
    line,
    ...(policy === undefined ? {} : { enoughCosigned: enough, missing }),
  };
  printFacts(io, json, facts, {
    origin: already ? 'Already frozen' : 'Frozen',
    size: 'Entries',
    rootHash: 'Root hash',
    line: 'Line',
  });
  for (const { witness, reason } of missing)
    io.err(`warning: ${witness} has not cosigned the last checkpoint: ${reason}`);
  if (!enough)
    io.err('warning: too few witnesses cosigned the last checkpoint; run log freeze again to ask them once more');
}

/** Names of the policy's witnesses whose cosignatures a checkpoint does not carry. */
function missingIn(note: Uint8Array, { witnesses }: WitnessPolicy): string[] {
  const verifiers = witnesses.map(({ key }) => noteVerifierOf(key));
  const verified = verifiedBy(note, verifiers);
  return witnesses
    .filter(({ key }) => !verified.some(({ name, keyId }) => name === key.name && keyId === key.keyId))
    .map(({ name }) => name);
}

function verifiedBy(...opening: Parameters<typeof openNote>): ReturnType<typeof openNote>['verified'] {
  try {
    return openNote(...opening).verified;
  } catch (error) {
    if (error instanceof CoreError) return [];
    throw error;
  }
}
