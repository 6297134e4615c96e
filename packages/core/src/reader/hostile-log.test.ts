import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryLog, logEntry } from '../../test/log-files.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { ENTRY_BUNDLES } from '../tiles/entry-codec.ts';
import { TreeReader } from './tree-reader.ts';

const SIZE = 65_536 + 300;
const log = entryLog(SIZE);
const tree = log.treeAt(SIZE);
/** Those that matter most are few: they are drawn as often as all others together. */
const paths = [...log.files.keys()];
const upper = paths.filter((path) => !/^tile\/(0|entries)\/...$/.test(path));
const anyPath = fc.oneof(fc.constantFrom(...upper), fc.constantFrom(...paths));

const damage = fc.oneof(
  fc.record({ kind: fc.constant('bit' as const), path: anyPath, at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), path: anyPath, at: fc.nat() }),
  fc.record({ kind: fc.constant('longer' as const), path: anyPath, bytes: fc.uint8Array({ minLength: 1 }) }),
  fc.record({ kind: fc.constant('gone' as const), path: anyPath }),
  fc.record({ kind: fc.constant('other' as const), path: anyPath, from: anyPath }),
);

type Damage = typeof damage extends fc.Arbitrary<infer D> ? D : never;

function damaged(path: string, what: Damage): Uint8Array | undefined {
  const bytes = Uint8Array.from(log.files.get(path) ?? []);
  switch (what.kind) {
    case 'gone':
      return undefined;
    case 'cut':
      return bytes.subarray(0, what.at % bytes.length);
    case 'longer':
      return Uint8Array.of(...bytes, ...what.bytes);
    case 'other':
      return log.files.get(what.from);
    case 'bit': {
      const at = what.at % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (2 ** what.bit);
      return bytes;
    }
  }
}

/** The result, or the code of the error; anything else than a CoreError is thrown. */
async function outcome<T>(read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CoreError) return error.code;
    throw error;
  }
}

const REFUSALS = ['missing', 'malformed', 'mismatch', 'out-of-range'];

test('whatever a log serves, what is handed out is right, and the rest a typed refusal', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      fc.array(fc.oneof(fc.nat(SIZE - 1), fc.constantFrom(0, 255, 256, 65_535, 65_536, SIZE - 1)), { maxLength: 4 }),
      async (damages, indexes) => {
        const files = new Map(log.files);
        for (const what of damages) {
          const bytes = damaged(what.path, what);
          if (bytes === undefined) files.delete(what.path);
          else files.set(what.path, bytes);
        }
        const reader = new TreeReader((path) => Promise.resolve(files.get(path)), tree, ENTRY_BUNDLES);
        const near = damages.flatMap(({ path }) => {
          const [, number] = /^tile\/(?:0|entries)\/(\d{3})/.exec(path) ?? [];
          return number === undefined ? [] : [Number(number) * 256];
        });
        for (const index of [...indexes, ...near]) {
          const proven = await outcome(() => reader.proveInclusion(index));
          const bundle = await outcome(() => reader.bundle(Math.floor(index / 256)));
          const old = await outcome(() => reader.treeAt(index));
          for (const result of [proven, bundle, old]) if (typeof result === 'string') seen.add(result);
          if (typeof proven !== 'string') expect(proven.proof).toEqual(log.slow.inclusion(index, SIZE));
          if (typeof old !== 'string') expect(old.root).toEqual(log.slow.root(0, index));
          if (typeof bundle === 'string') continue;
          for (const { entry, index: at } of bundle) {
            if (!equalBytes(entry, logEntry(at))) expect(entry).toEqual(logEntry(at));
          }
        }
      },
    ),
    { numRuns: 250 },
  );
  expect(REFUSALS).toEqual(expect.arrayContaining([...seen]));
  expect([...seen]).toEqual(expect.arrayContaining(['missing', 'malformed', 'mismatch']));
});
