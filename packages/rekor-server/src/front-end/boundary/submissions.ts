import { asHash } from '@tilewright/core/bytes';
import type { NewEntry } from '@tilewright/log';
import type { Submissions } from './messages.ts';

const HASH_BYTES = 32;

/** An entry that waits to cross, and the id of who submitted it. */
export interface Submission {
  readonly id: number;
  readonly entry: NewEntry;
}

/** Puts entries one behind the other: one buffer crosses without a copy, thousands of small ones would each cost one. */
export function packSubmissions(
  submissions: readonly Submission[],
  counts: Pick<Submissions, 'expected' | 'cancelled'>,
): Submissions {
  const ids = new Uint32Array(submissions.length);
  const lengths = new Uint32Array(submissions.length);
  let size = 0;
  for (const [i, { id, entry }] of submissions.entries()) {
    ids[i] = id;
    lengths[i] = entry.data.length;
    size += HASH_BYTES + entry.data.length;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const { entry } of submissions) {
    bytes.set(entry.leafHash, at);
    bytes.set(entry.data, at + HASH_BYTES);
    at += HASH_BYTES + entry.data.length;
  }
  return { type: 'submissions', ...counts, ids, lengths, bytes };
}

/** The entries of a message; they are views of its bytes. */
export function* unpackSubmissions({ ids, lengths, bytes }: Submissions): Iterable<Submission> {
  let at = 0;
  for (const [i, id] of ids.entries()) {
    const data = at + HASH_BYTES;
    const end = data + (lengths[i] ?? 0);
    yield { id, entry: { leafHash: asHash(bytes.subarray(at, data)), data: bytes.subarray(data, end) } };
    at = end;
  }
}
