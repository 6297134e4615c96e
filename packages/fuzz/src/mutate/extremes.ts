import type { FuzzRandom } from '../random/fuzz-random.ts';
import type { Field } from './sample.ts';

const EDGES: readonly bigint[] = [
  0n,
  1n,
  2n,
  255n,
  256n,
  4095n,
  4096n,
  65_535n,
  65_536n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 52n,
  2n ** 52n + 1n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Sets the field to a number at some edge, or near the one that stands there. */
export function setExtreme(random: FuzzRandom, bytes: Uint8Array, { at, width }: Field): void {
  if (at + width > bytes.length) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let now = 0n;
  for (let i = 0; i < width; i++) now = now * 256n + BigInt(view.getUint8(at + i));
  const length = BigInt(bytes.length);
  const near = [now + 1n, now - 1n, now * 2n, now + 4096n, now - 4096n, length, length - 1n, length + 1n];
  let value = BigInt.asUintN(8 * width, random.pick(random.chance(0.5) ? near : EDGES));
  for (let i = width - 1; i >= 0; i--) {
    view.setUint8(at + i, Number(value % 256n));
    value /= 256n;
  }
}
