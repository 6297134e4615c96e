import { HASH_SIZE } from '../bytes/hash-value.ts';
import { isCount } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';

/**
 * The rules of `Sha256Backend.nodes`.
 *
 * @throws CoreError `out-of-range`, `mismatch`
 */
export function checkNodes(input: Uint8Array, output: Uint8Array, n: number): void {
  const read = 2 * HASH_SIZE * n;
  if (!isCount(n) || input.length < read || output.length < HASH_SIZE * n) {
    throw new CoreError('out-of-range', 'hashing n nodes takes 64·n bytes of input and 32·n bytes of output');
  }
  // A short array gets its buffer when it is asked for it, which takes longer than a hash.
  if (n > 1 && input !== output) refuseOverwriting(input, output, read);
}

function refuseOverwriting(input: Uint8Array, output: Uint8Array, read: number): void {
  const ahead = output.byteOffset - input.byteOffset;
  if (input.buffer === output.buffer && ahead > 0 && ahead < read) {
    throw new CoreError('mismatch', 'the output would overwrite nodes before they are read: start it with the input');
  }
}

/**
 * The rules of `Sha256Backend.leaves`. Returns the number of entries.
 *
 * @throws CoreError `out-of-range`, `mismatch`
 */
export function checkLeaves(buffer: Uint8Array, offsets: ArrayLike<number>, output: Uint8Array): number {
  const n = offsets.length - 1;
  const first = offsets[0] ?? -1;
  let last = first;
  let rising = isCount(first);
  for (let i = 1; i <= n; i++) {
    const next = offsets[i] ?? -1;
    rising &&= isCount(next) && next >= last;
    last = next;
  }
  if (!rising || last > buffer.length) {
    throw new CoreError('out-of-range', 'the offsets of n entries are n + 1 indexes into the buffer that never fall');
  }
  if (output.length < HASH_SIZE * n) {
    throw new CoreError('out-of-range', 'the hashes of n entries take 32·n bytes of output');
  }
  const start = buffer.byteOffset + first;
  const end = buffer.byteOffset + last;
  const written = output.byteOffset + HASH_SIZE * n;
  if (buffer.buffer === output.buffer && output.byteOffset < end && start < written) {
    throw new CoreError('mismatch', 'the output must not overlap the entries');
  }
  return n;
}
