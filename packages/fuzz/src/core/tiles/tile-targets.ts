import { equalBytes } from '@tilewright/core/bytes';
import { dataTilePath, parseDataTilePath } from '@tilewright/core/static-ct';
import {
  bundlePath,
  decodeEntryBundle,
  decodeHashTile,
  encodeEntryBundle,
  encodeHashTile,
  parseTilePath,
  tilePath,
} from '@tilewright/core/tiles';
import type { Sample } from '../../mutate/sample.ts';
import type { FuzzRandom } from '../../random/fuzz-random.ts';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { DECIMAL_REFUSALS } from '../bytes/refusals.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import { type Refusal, refusal } from '../kit/refusal.ts';
import { binarySample, textOf, textSample } from '../kit/samples.ts';

const MOST_PATH = 64;
const INDEXES = [0, 1, 255, 999, 1000, 1_234_067, 999_999_999, 2 ** 53 - 1];
const WIDTHS = [1, 2, 9, 77, 255, 256, 256, 256];
const PATH_WORDS = [
  'x',
  '/',
  '.p/',
  '0',
  '000',
  '256',
  '255',
  'x999/',
  'x999/x999/x999/x999/x999/x999/999',
  'x009/x223/x372/x036/x854/x775/808',
  'entries',
  '1',
];

const DATA_WORDS = [...PATH_WORDS, 'tile/data/'];

const PATH_REFUSALS: readonly Refusal[] = [
  refusal('form', 'malformed', 'not a tile path: tile/<level or "entries">/<index>, with .p/<width> when partial'),
  refusal('index', 'malformed', 'not the path of a tile index: groups of three digits, x before all but the last'),
  refusal('width', 'malformed', 'the width of a partial tile is 1 to 255'),
  refusal('level', 'malformed', 'a tile level is 0 to 63'),
  ...DECIMAL_REFUSALS,
];

/** `parseTilePath`. */
export function tilePathTarget(decode: typeof parseTilePath = parseTilePath): FuzzTarget {
  return decoderTarget({
    name: 'tile-path',
    about: 'paths of hash tiles and entry bundles',
    accepts: ['a hash tile', 'an entry bundle'],
    refusals: PATH_REFUSALS,
    cap: { most: MOST_PATH, refusal: 'form', decode },
    prepare: (random) => ({
      recipe: {
        samples: INDEXES.flatMap((index) =>
          WIDTHS.flatMap((width) => [
            tilePath({ level: random.pick([0, 1, 6, 63]), index, width }),
            bundlePath({ index, width }),
          ]),
        ).map((path) => textSample(path, PATH_WORDS, { longest: 80 })),
        unit: 4,
      },
      decode(bytes, { input, dice }) {
        const text = textOf(bytes, input, dice);
        const parts = decode(text);
        const path = parts.kind === 'hash' ? tilePath(parts.tile) : bundlePath(parts.bundle);
        must(path === text, () => 'the path is written otherwise');
        return parts.kind === 'hash' ? 'a hash tile' : 'an entry bundle';
      },
    }),
  });
}

/** `parseDataTilePath`. */
export function dataTilePathTarget(decode: typeof parseDataTilePath = parseDataTilePath): FuzzTarget {
  return decoderTarget({
    name: 'data-tile-path',
    about: 'paths of static-CT data tiles',
    accepts: ['a data tile'],
    refusals: [
      refusal('not below tile/data/', 'malformed', 'not the path of a data tile'),
      ...PATH_REFUSALS.filter(({ name }) => name !== 'level'),
    ],
    cap: { most: MOST_PATH, refusal: 'not below tile/data/', decode },
    prepare: () => ({
      recipe: {
        samples: INDEXES.flatMap((index) =>
          WIDTHS.map((width) => textSample(dataTilePath({ index, width }), DATA_WORDS, { longest: 80 })),
        ),
        unit: 4,
      },
      decode(bytes, { input, dice }) {
        const text = textOf(bytes, input, dice);
        must(dataTilePath(decode(text)) === text, () => 'the path is written otherwise');
        return 'a data tile';
      },
    }),
  });
}

/** The refusal of a width that no tile has. */
export const WIDTH_REFUSAL: Refusal = refusal(
  'width',
  'out-of-range',
  'the width of a tile is an integer from 1 to 256',
);
const ODD_WIDTHS = [0, -1, 257, 1.5, Number.NaN, 2 ** 53, 1, 255, 256];

/** The width that a decoder is told: mostly the one that the sample had. */
export function toldWidth(widths: ReadonlyMap<Sample, number>, sample: Sample, dice: number): number {
  const width = dice % 16 === 0 ? ODD_WIDTHS[Math.floor(dice / 16) % ODD_WIDTHS.length] : widths.get(sample);
  return width ?? 1;
}

/** `decodeHashTile`. */
export function hashTileTarget(decode: typeof decodeHashTile = decodeHashTile): FuzzTarget {
  return decoderTarget({
    name: 'hash-tile',
    about: 'hash tiles, of a width that is told',
    accepts: ['a tile'],
    refusals: [WIDTH_REFUSAL, refusal('length', 'malformed', 'a tile of width \\d+ has \\d+ bytes, not \\d+')],
    acceptsValid: false,
    growth: [
      refusing(
        'longer than any tile',
        2 ** 24,
        (size) => new Uint8Array(size),
        (bytes) => decode(bytes, 256),
      ),
    ],
    prepare: (random) => {
      const widths = new Map(WIDTHS.map((width) => [binarySample(random.bytes(32 * width)), width]));
      return {
        recipe: { samples: [...widths.keys()], unit: 32 },
        decode(bytes, { input, dice }) {
          const hashes = decode(bytes, toldWidth(widths, input.sample, dice));
          must(equalBytes(encodeHashTile(hashes), bytes), () => 'the tile is written otherwise');
          return 'a tile';
        },
      };
    },
  });
}

const MOST_BUNDLE = 256 * (2 + 65_535);

/** `decodeEntryBundle`. */
export function entryBundleTarget(decode: typeof decodeEntryBundle = decodeEntryBundle): FuzzTarget {
  const of256 = (bytes: Uint8Array): unknown => decode(bytes, 256);
  return decoderTarget({
    name: 'entry-bundle',
    about: 'entry bundles, of a width that is told',
    accepts: ['a bundle'],
    refusals: [
      WIDTH_REFUSAL,
      refusal('cut short', 'malformed', 'the bundle ends within entry \\d+ of \\d+'),
      refusal('bytes left over', 'malformed', '\\d+ bytes follow the \\d+ entries of the bundle'),
    ],
    acceptsValid: false,
    growth: [
      refusing('256 long entries', MOST_BUNDLE, (size) => longBundle(Math.floor(size / 256) - 2), of256),
      refusing('zeros', MOST_BUNDLE, (size) => new Uint8Array(size), of256),
      refusing('lengths of all ones', MOST_BUNDLE, (size) => new Uint8Array(size).fill(255), of256),
    ],
    prepare: (random) => {
      const bundles = WIDTHS.map((width): [Sample, number] => drawBundle(random, width > 100 ? 130 : width));
      const widths = new Map(bundles);
      return {
        recipe: { samples: [...widths.keys()], unit: 16 },
        decode(bytes, { input, dice }) {
          const entries = decode(bytes, toldWidth(widths, input.sample, dice));
          must(equalBytes(encodeEntryBundle(entries), bytes), () => 'the bundle is written otherwise');
          return 'a bundle';
        },
      };
    },
  });
}

function longBundle(size: number): Uint8Array {
  return encodeEntryBundle(Array.from({ length: 256 }, () => new Uint8Array(size)));
}

function drawBundle(random: FuzzRandom, width: number): [Sample, number] {
  const entries = Array.from({ length: width }, () => random.bytes(random.int(random.pick([1, 8, 40]))));
  let at = 0;
  const fields = entries.map(({ length }) => {
    const field = { at, width: 2 } as const;
    at += 2 + length;
    return field;
  });
  return [binarySample(encodeEntryBundle(entries), fields), width];
}
