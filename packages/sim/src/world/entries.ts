import { leafHash } from '@tilewright/core/hash';
import type { NewEntry } from '@tilewright/log';

const made: NewEntry[] = [];

/** The `n`th entry that clients may send: 1 to 23 bytes, all different. */
export function entry(n: number): NewEntry {
  for (let next = made.length; next <= n; next++) {
    const data = new TextEncoder().encode(`${next}${'.'.repeat((next * 7) % 20)}`);
    made.push({ data, leafHash: leafHash(data) });
  }
  const found = made[n];
  if (found === undefined) throw new RangeError(`there is no entry ${n}`);
  return found;
}
