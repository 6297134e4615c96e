import { asHash, concatBytes, equalBytes } from '@tilewright/core/bytes';
import {
  decodeCtExtensions,
  decodeDataTile,
  decodeTileLeaf,
  encodeCtExtensions,
  encodeTileLeaf,
  type TileLeaf,
} from '@tilewright/core/static-ct';
import type { Field, Sample } from '../../mutate/sample.ts';
import type { FuzzRandom } from '../../random/fuzz-random.ts';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import { inPart, type Refusal, refusal } from '../kit/refusal.ts';
import { binarySample } from '../kit/samples.ts';
import { toldWidth, WIDTH_REFUSAL } from '../tiles/tile-targets.ts';

const MOST_EXTENSIONS = 65_535;

/** `decodeCtExtensions`. */
export function ctExtensionsTarget(decode: typeof decodeCtExtensions = decodeCtExtensions): FuzzTarget {
  return decoderTarget({
    name: 'ct-extensions',
    about: 'extensions of static-CT entries',
    accepts: ['an index', 'an index among other extensions'],
    refusals: [
      refusal('too long', 'malformed', 'extensions have at most 65535 bytes'),
      refusal('cut short', 'malformed', 'the extension at byte \\d+ is cut short'),
      refusal('twice', 'malformed', 'the extension at byte \\d+ stands there twice'),
      refusal('no index', 'malformed', 'the extensions do not say the index of the entry'),
      refusal('length of the index', 'malformed', 'the index at byte \\d+ does not have 5 bytes'),
    ],
    cap: { most: MOST_EXTENSIONS, refusal: 'too long', decode },
    growth: [
      refusing(
        'one long extension',
        MOST_EXTENSIONS,
        (size) => Uint8Array.of(9, ...u16(size - 3), ...new Uint8Array(size - 3)),
        decode,
      ),
      refusing('lengths of all ones', MOST_EXTENSIONS, (size) => new Uint8Array(size).fill(255), decode),
    ],
    prepare: (random) => ({
      recipe: {
        samples: [0, 1, 255, 2 ** 32, 2 ** 40 - 1].flatMap((index) =>
          [0, 1, 2].map((others) => {
            const more = Array.from({ length: others }, (_, at) => extension(1 + at, random.bytes(random.int(9))));
            const parts = [encodeCtExtensions(index), ...more];
            return binarySample(concatBytes(...(random.chance(0.5) ? parts : parts.toReversed())), [
              { at: 1, width: 2 },
            ]);
          }),
        ),
        unit: 8,
      },
      decode(bytes) {
        const written = encodeCtExtensions(decode(bytes));
        if (equalBytes(written, bytes)) return 'an index';
        must(Buffer.from(bytes).includes(Buffer.from(written)), () => 'its index stands nowhere');
        return 'an index among other extensions';
      },
    }),
  });
}

const u16 = (value: number): [number, number] => [Math.floor(value / 256), value % 256];
const extension = (type: number, bytes: Uint8Array): Uint8Array => Uint8Array.of(type, ...u16(bytes.length), ...bytes);

const LEAF_REFUSALS: readonly Refusal[] = [
  refusal('cut short', 'malformed', '\\d+ bytes are due at byte \\d+, and \\d+ are left'),
  refusal('timestamp above 2^53-1', 'malformed', 'the number at byte 0 is above 2\\^53-1'),
  refusal('entry type', 'malformed', 'an entry of type \\d+ is neither a certificate nor a precertificate'),
  refusal('no certificate', 'malformed', 'the certificate before byte \\d+ is empty'),
  refusal('chain', 'malformed', 'the chain before byte \\d+ is not of hashes'),
];
const MOST_LEAF = 2 ** 24;

/** `decodeTileLeaf`: what follows a leaf is not looked at. */
export function tileLeafTarget(decode: typeof decodeTileLeaf = decodeTileLeaf): FuzzTarget {
  return decoderTarget({
    name: 'tile-leaf',
    about: 'one leaf of a static-CT data tile',
    accepts: ['a leaf', 'a leaf and more'],
    refusals: LEAF_REFUSALS,
    growth: [
      refusing('a long certificate', MOST_LEAF, (size) => encodeTileLeaf(longLeaf(size - 32)), decode),
      refusing('lengths of all ones', MOST_LEAF, (size) => new Uint8Array(size).fill(255).fill(0, 0, 10), decode),
      refusing(
        'a long chain',
        65_504,
        (size) => encodeTileLeaf({ ...longLeaf(1), chain: hashes(Math.floor(size / 32)) }),
        decode,
      ),
    ],
    prepare: (random) => ({
      recipe: { samples: Array.from({ length: 30 }, () => leafSample(drawLeaf(random))), unit: 32 },
      decode(bytes) {
        const { leaf, size } = decode(bytes);
        must(equalBytes(encodeTileLeaf(leaf), bytes.subarray(0, size)), () => 'the leaf is written otherwise');
        return size === bytes.length ? 'a leaf' : 'a leaf and more';
      },
    }),
  });
}

const MOST_TILE = 2 ** 24;

/** `decodeDataTile`. */
export function dataTileTarget(decode: typeof decodeDataTile = decodeDataTile): FuzzTarget {
  const of256 = (bytes: Uint8Array): unknown => decode(bytes, 256);
  return decoderTarget({
    name: 'data-tile',
    about: 'static-CT data tiles, of a width that is told',
    accepts: ['a tile'],
    refusals: [
      WIDTH_REFUSAL,
      ...inPart('leaf', 'leaf \\d+, from byte \\d+ on: ', LEAF_REFUSALS),
      refusal('bytes left over', 'malformed', '\\d+ bytes follow the \\d+ leaves of the data tile'),
    ],
    acceptsValid: false,
    growth: [
      refusing(
        '256 long leaves',
        MOST_TILE,
        (size) => tileOf(Array.from({ length: 256 }, () => longLeaf(Math.floor(size / 256) - 32))),
        of256,
      ),
      refusing(
        '256 leaves with long chains',
        2 ** 23,
        (size) =>
          tileOf(Array.from({ length: 256 }, () => ({ ...longLeaf(1), chain: hashes(Math.floor(size / 8192)) }))),
        of256,
      ),
      refusing('zeros', MOST_TILE, (size) => new Uint8Array(size), of256),
    ],
    prepare: (random) => {
      const tiles = [1, 1, 2, 3, 5, 20].map((width): [Sample, number] => {
        const leaves = Array.from({ length: width }, () => encodeTileLeaf(drawLeaf(random)));
        const fields: Field[] = [];
        let at = 0;
        for (const { length } of leaves) {
          fields.push({ at, width: 8 }, { at: at + 8, width: 2 });
          at += length;
        }
        return [binarySample(concatBytes(...leaves), fields), width];
      });
      const widths = new Map(tiles);
      return {
        recipe: { samples: [...widths.keys()], unit: 32 },
        decode(bytes, { input, dice }) {
          const leaves = decode(bytes, toldWidth(widths, input.sample, dice));
          must(equalBytes(tileOf(leaves), bytes), () => 'the tile is written otherwise');
          return 'a tile';
        },
      };
    },
  });
}

function tileOf(leaves: readonly TileLeaf[]): Uint8Array {
  return concatBytes(...leaves.map((leaf) => encodeTileLeaf(leaf)));
}

function hashes(count: number): TileLeaf['chain'] {
  return Array.from({ length: count }, () => asHash(new Uint8Array(32)));
}

function longLeaf(size: number): TileLeaf {
  const certificate = new Uint8Array(Math.max(1, size));
  return { timestamp: 1, subject: { kind: 'certificate', certificate }, extensions: new Uint8Array(0), chain: [] };
}

function drawLeaf(random: FuzzRandom): TileLeaf {
  const bytes = (): Uint8Array => random.bytes(1 + random.int(random.pick([1, 40, 300])));
  return {
    timestamp: random.pick([0, 1_767_139_200_000, 2 ** 53 - 1]),
    subject: random.chance(0.5)
      ? { kind: 'certificate', certificate: bytes() }
      : {
          kind: 'precertificate',
          issuerKeyHash: asHash(random.bytes(32)),
          tbsCertificate: bytes(),
          precertificate: bytes(),
        },
    extensions: random.pick([new Uint8Array(0), encodeCtExtensions(random.int(2 ** 40))]),
    chain: Array.from({ length: random.int(4) }, () => asHash(random.bytes(32))),
  };
}

/** Where its numbers stand. */
function leafSample(leaf: TileLeaf): Sample {
  const bytes = encodeTileLeaf(leaf);
  const isCertificate = leaf.subject.kind === 'certificate';
  const chainAt = bytes.length - 32 * leaf.chain.length - 2;
  const certificateAt = isCertificate ? 10 : 42;
  return binarySample(bytes, [
    { at: 0, width: 8 },
    { at: 8, width: 2 },
    { at: certificateAt + 1, width: 2 },
    { at: chainAt, width: 2 },
  ]);
}
