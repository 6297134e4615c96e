import type { Arbitrary, default as FastCheck } from 'fast-check';
import type { Hash } from '../bytes/hash-value.ts';
import { asTreeSize, type TreeSize } from '../bytes/tree-numbers.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import type { BundleId, TileId } from '../tiles/tile-id.ts';

/** Generators of this package's values for property tests. */
export interface Arbitraries {
  /** Byte strings up to `maxLength` (300). */
  bytes(maxLength?: number): Arbitrary<Uint8Array<ArrayBuffer>>;
  /** Any 32 bytes. */
  hash(): Arbitrary<Hash>;
  /** 0 … 2^53-1, with the neighbours of powers of two more often than chance has them. */
  treeSize(): Arbitrary<TreeSize>;
  /** Valid hash tile ids. */
  tileId(): Arbitrary<TileId>;
  /** Valid entry bundle ids. */
  bundleId(): Arbitrary<BundleId>;
  /** Key names with letters of several scripts. */
  keyName(): Arbitrary<string>;
  /** Texts that a note can carry: lines of anything but control characters, empty ones too, and a last newline. */
  noteText(): Arbitrary<Uint8Array<ArrayBuffer>>;
}

/** The generators, made with the caller's fast-check: importing this module does not load it. */
export function arbitraries(fc: typeof FastCheck): Arbitraries {
  const treeSize = (): Arbitrary<TreeSize> => {
    const nearPower = fc.tuple(fc.integer({ min: 0, max: 52 }), fc.integer({ min: -2, max: 2 }));
    return fc
      .oneof(
        fc.nat({ max: 1000 }),
        nearPower.map(([exponent, offset]) => Math.max(2 ** exponent + offset, 0)),
        fc.maxSafeNat(),
      )
      .map(asTreeSize);
  };
  const width = fc.integer({ min: 1, max: 256 });
  const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/\p{Cc}/gu, ''));
  return {
    bytes: (maxLength = 300) => fc.uint8Array({ maxLength }).map((array) => array.slice()),
    hash: () => fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array) => array.slice() as Hash),
    treeSize,
    tileId: () => fc.record({ level: fc.nat({ max: 63 }), index: treeSize(), width }),
    bundleId: () => fc.record({ index: treeSize(), width }),
    keyName: () =>
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
        .map((text) => text.replace(/[\p{White_Space}+\p{Cc}]/gu, '-')),
    noteText: () => fc.array(line, { maxLength: 6 }).map((lines) => encodeUtf8(`${lines.join('\n')}\n`)),
  };
}
