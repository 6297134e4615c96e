import { encodeUtf8 } from '@tilewright/core/bytes';
import { drawInput, FuzzRandom, type FuzzTarget, must, type Sample } from '@tilewright/fuzz';
import { parseSegmentName, segmentName } from '@tilewright/store-posix/testing';

const REACHES = [
  'no name of a segment',
  'a second name of a segment',
  'a number above 2^52',
  'the name of a segment',
] as const;
const MOST = 2 ** 52;

/** File names below `wal/`. No two names may mean one segment: its records would count twice. */
export function segmentNameTarget(parse: typeof parseSegmentName = parseSegmentName): FuzzTarget {
  return {
    name: 'segment-name',
    about: 'the file name of a segment',
    perMillion: 1_000_000,
    reaches: REACHES,
    prepare(seed) {
      const random = new FuzzRandom(seed, 'segment-name samples', 0);
      const samples: Sample[] = [2, 100, 10 ** 8, 10 ** 12, MOST].map((most) => {
        const bytes = encodeUtf8(segmentName(random.int(most), random.int(most)));
        const words = ['0', '00000000', '-', '9', '99999999', '4503599627370496', '4503599627370497', '.tmp', '\u0660'];
        return { bytes, fields: [], busy: [], words: words.map(encodeUtf8) };
      });
      return {
        run(draws) {
          const { bytes, kind, how } = drawInput(draws, { samples, unit: 1 });
          const text = new TextDecoder().decode(bytes);
          const parsed = parse(text);
          const meaning = meaningOf(text);
          must((parsed !== undefined) === (meaning === REACHES[3]), () => `${JSON.stringify(text)} is ${meaning}`);
          if (parsed !== undefined) {
            must(
              segmentName(parsed.epoch, parsed.ordinal) === text,
              () => `${JSON.stringify(text)} says something else`,
            );
          }
          return { kind, how, reached: [meaning] };
        },
      };
    },
  };
}

function meaningOf(text: string): (typeof REACHES)[number] {
  const parts = text.split('-');
  if (parts.length !== 2 || !parts.every((part) => part.length >= 8 && /^[0-9]+$/.test(part))) return REACHES[0];
  if (parts.some((part) => part.length > 8 && part.startsWith('0'))) return REACHES[1];
  return parts.some((part) => BigInt(part) > BigInt(MOST)) ? REACHES[2] : REACHES[3];
}
