import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunFigures } from '../run-figures.ts';
import { someFigures } from '../testing/some-figures.ts';
import { BASELINE_FILE, bestOf, compareRatios, readBaseline, writeBaseline } from './baseline.ts';
import { measureRow } from './run-short.ts';
import { rateName, ratiosOf, SHORT_ROWS, type ShortRow } from './short-rows.ts';

const row: ShortRow = { suite: 'rekor', writers: 512, peer: 'peer-best', hasCpu: true };
const CPU = 'rekor, 512 writers: CPU an entry';
const peer = someFigures({ rate: 500, cpuPerThousand: 0.9 });

test('a ratio falls when it loses more than a third, and only then', () => {
  const { table, fallen } = compareRatios({ a: 9, b: 9, c: 9, gone: 9 }, { a: 6, b: 5.99, c: 20, fresh: 1 });
  expect(fallen).toEqual(['b']);
  expect(table).toContain('| a | 9.00 | 6.00 | 0.67 | held |');
  expect(table).toContain('| b | 9.00 | 5.99 | 0.67 | FALLEN |');
  expect(table).toContain('| gone | 9.00 | — | — | not measured |');
  expect(table).toContain('| fresh | — | 1.00 | — | new |');
  expect(compareRatios({ a: 9 }, { a: Number.NaN }).fallen).toEqual(['a']);
  const disturbed = compareRatios({ a: 9 }, { a: 1 }, ['a']);
  expect(disturbed.fallen).toEqual([]);
  expect(disturbed.table).toContain('not judged: other programs were busy');
});

test('more is better in every ratio, and a server that accepts nothing has fallen', () => {
  const ratios = ratiosOf(row, someFigures({ rate: 5_000, cpuPerThousand: 0.3 }), peer);
  expect(ratios[rateName(row)]).toBeCloseTo(10);
  expect(ratios[CPU]).toBeCloseTo(3);
  expect(ratiosOf(row, someFigures({ rate: 0, cpuPerThousand: null }), peer)).toEqual({ [rateName(row)]: 0, [CPU]: 0 });
  expect(Object.keys(ratiosOf({ ...row, hasCpu: false }, peer, peer))).toEqual([rateName(row)]);
  expect(bestOf({ a: 1, b: 4 }, { a: 3, b: 2 })).toEqual({ a: 3, b: 4 });
});

test('a run that seems slower is made once more, and the better of the two counts', async () => {
  const baseline = { [rateName(row)]: 10, [CPU]: 3 };
  const measure = async (ours: readonly RunFigures[], isTwice = false) => {
    const made: string[] = [];
    const run = async (id: string, count: number): Promise<RunFigures> => {
      made.push(`${id} ${count}`);
      return id === 'ours' ? (ours[count - 1] ?? peer) : peer;
    };
    const { ratios, disturbed } = await measureRow(row, run, baseline, isTwice);
    return { made, disturbed, fallen: compareRatios(baseline, ratios, disturbed).fallen };
  };
  const good = someFigures({ rate: 5_000, cpuPerThousand: 0.3 });
  const slow = someFigures({ rate: 1_000, cpuPerThousand: 0.3 });
  const costly = someFigures({ rate: 5_000, cpuPerThousand: 0.5 });
  expect(await measure([good])).toEqual({ made: ['peer-best 1', 'ours 1'], disturbed: [], fallen: [] });
  expect((await measure([good, good], true)).made).toHaveLength(3);
  expect(await measure([slow, good])).toMatchObject({ fallen: [] });
  expect(await measure([slow, slow])).toMatchObject({ fallen: [rateName(row)] });
  expect(await measure([costly, costly])).toMatchObject({ fallen: [CPU] });
  const crowded = { ...slow, othersCores: 1.2 };
  expect(await measure([crowded, crowded])).toMatchObject({ fallen: [], disturbed: [rateName(row)] });
  expect(await measure([crowded, slow])).toMatchObject({ fallen: [rateName(row)] });
  // What an entry costs is judged whatever else runs.
  const both = { ...crowded, cpuPerThousand: 0.5 };
  expect(await measure([both, both])).toMatchObject({ fallen: [CPU] });
});

test('the committed baseline has every ratio that is measured, and others are refused', async () => {
  const { ratios } = await readBaseline(BASELINE_FILE);
  for (const one of SHORT_ROWS) {
    for (const name of Object.keys(ratiosOf(one, peer, peer))) expect(ratios[name], name).toBeGreaterThan(0);
  }
  const folder = await mkdtemp(join(tmpdir(), 'tilewright-baseline-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'short.json');
  await expect(readBaseline(path)).rejects.toThrow(/there is no baseline .*--update-baseline/);
  for (const text of ['', '{}', 'null', '{"ratios":{}}', '{"ratios":{"a":0}}', '{"ratios":{"a":"9"}}']) {
    await writeFile(path, text);
    await expect(readBaseline(path), text).rejects.toThrow(/holds no ratios/);
  }
  const machine = { cpus: 2, model: 'some', node: 'v24.0.0' };
  await writeBaseline(path, { measuredAt: 'then', commit: undefined, machine, ratios: { a: 12.3456 } });
  expect((await readBaseline(path)).ratios).toEqual({ a: 12.3 });
});
