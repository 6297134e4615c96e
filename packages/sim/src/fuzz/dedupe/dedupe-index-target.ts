import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hash } from '@tilewright/core/bytes';
import { type FuzzOutcome, FuzzRandom, type FuzzTarget, must, mutateBytes, type Sample } from '@tilewright/fuzz';
import { LogError } from '@tilewright/log';
import { LAYOUT } from '@tilewright/store-posix/testing';
import {
  databaseSample,
  drawLeaves,
  type IndexScene,
  indexPath,
  indexScenes,
  openIndex,
  SUFFIXES,
  type Suffix,
  TOTAL,
} from './index-scenes.ts';

const REACHES = [
  'opened as it was left',
  'opened at an earlier moment',
  'rebuilt at its opening',
  'rebuilt: it changed after it was closed',
  'ahead of the log',
  'rebuilt while it was used',
  'points at other entries',
  'misses entries without a word',
] as const;
/** Failures that an index may answer with before it works again. */
const MOST_FAILURES = 3;
const BATCH = 30;
/** Longer than what is read of any file in the time that an input may take, bytes. */
const ENDLESS = 2 ** 40;
/** Additions that bring an index up to date, also where it is rebuilt on the way as often as it may. */
const MOST_ROUNDS = (MOST_FAILURES + 1) * (TOTAL / BATCH + 2);
const PAGE = 4096;

/** How an index is opened: the real one, or one with a defect that is to be found. */
export type OpenIndex = typeof openIndex;

/** The dedupe index in SQLite, on a real file system. */
export function dedupeIndexTarget(open: OpenIndex = openIndex): FuzzTarget {
  return {
    name: 'dedupe-index',
    about: 'the SQLite files of the dedupe index, on a real file system',
    perMillion: 20_000,
    reaches: REACHES,
    async prepare(seed) {
      const dir = mkdtempSync(join(tmpdir(), 'tilewright-fuzz-'));
      mkdirSync(join(dir, '.state'));
      const leaves = drawLeaves(new FuzzRandom(seed, 'dedupe-index leaves', 0));
      const scenes = await indexScenes(dir, leaves);
      const all = scenes.flatMap(({ files }) => [...files.values()]);
      const samples = new Map(all.map((bytes) => [bytes, databaseSample(bytes)]));
      return {
        run: (random) => runIndex(random, { dir, leaves, scenes, samples, open }),
        close: async () => rmSync(dir, { recursive: true, force: true }),
      };
    },
  };
}

interface Stage {
  readonly dir: string;
  readonly leaves: readonly Hash[];
  readonly scenes: readonly IndexScene[];
  readonly samples: ReadonlyMap<Uint8Array, Sample>;
  readonly open: OpenIndex;
}

async function runIndex(random: FuzzRandom, stage: Stage): Promise<FuzzOutcome> {
  const { dir, scenes } = stage;
  const scene = random.pick(scenes);
  const files = new Map(scene.files);
  const how = random.chance(0.03) ? [] : damage(random, files, stage);
  for (const suffix of SUFFIXES) {
    const bytes = files.get(suffix);
    if (bytes === undefined) rmSync(indexPath(dir, suffix), { force: true });
    else writeFileSync(indexPath(dir, suffix), bytes);
  }
  const endless = random.chance(0.02) && how.length > 0;
  if (endless && files.has('')) truncateSync(indexPath(dir, ''), ENDLESS);
  const isSame = (suffix: Suffix): boolean => sameBytes(files.get(suffix), scene.files.get(suffix));
  const sealed = scene.files.has('.sha256') && isSame('.sha256');
  const changed = endless || !isSame('');
  const reached = await liveWith(stage, sealed && changed);
  const whole = reached.every((name) => name === REACHES[0] || name === REACHES[1] || name === REACHES[4]);
  must(how.length > 0 || whole, () => `a whole index is taken for something else: ${reached.join()}`);
  return { kind: how.length > 0 ? 'damaged' : 'valid', how, reached };
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}

function damage(random: FuzzRandom, files: Map<Suffix, Uint8Array>, { scenes, samples }: Stage): string[] {
  const how: string[] = [];
  for (let left = random.pick([1, 1, 1, 2]); left > 0; left--) {
    const suffix = random.chance(0.7) ? '' : random.pick(['' as const, ...files.keys()]);
    const bytes = files.get(suffix);
    const other = random.pick(scenes).files;
    const ways: readonly (readonly [string, () => void])[] = [
      ['a file missing', () => void files.delete(suffix)],
      ['a file of another time', () => void files.set(suffix, other.get(suffix) ?? new Uint8Array(0))],
      [
        'a file that nobody wrote',
        () => void files.set(random.pick(SUFFIXES), random.bytes(random.pick([0, 64, 5000]))),
      ],
    ];
    if (bytes === undefined || random.chance(0.15)) {
      const [name, act] = random.pick(ways);
      act();
      how.push(name);
      continue;
    }
    const sample = samples.get(bytes) ?? databaseSample(bytes);
    const second = samples.get(other.get(suffix) ?? bytes) ?? sample;
    const mutant = mutateBytes(random, sample, second, random.pick([PAGE, PAGE, 32]));
    files.set(suffix, mutant.bytes);
    how.push(...mutant.how);
  }
  return how;
}

/** Uses the index as the engine does: opens it, brings it up to date, looks everything up, closes and opens it again. */
async function liveWith(stage: Stage, mustNotice: boolean): Promise<string[]> {
  const { dir, leaves, open } = stage;
  const { index, seen } = open(dir);
  const reached: string[] = [];
  const repaired = seen.length > 0;
  must(!mustNotice || repaired, () => 'a closed index was changed, and nobody noticed');
  let covered: number = await index.covered();
  must(!repaired || covered === 0, () => `a rebuilt index covers ${covered} entries`);
  if (covered > TOTAL) {
    reached.push(REACHES[4]);
    await index.reset();
    covered = 0;
  }
  if (repaired) reached.push(JSON.stringify(seen).includes('changed after it was closed') ? REACHES[3] : REACHES[2]);
  else if (covered < TOTAL && reached.length === 0) reached.push(REACHES[1]);
  let failures = 0;
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      must(error.path === LAYOUT.dedupe, () => `the failure names ${error.path}: ${error.message}`);
      must(++failures <= MOST_FAILURES, () => `it fails again and again: ${error.message}`);
      return undefined;
    }
  };
  await attempt(() => index.find(leaves));
  let answers: readonly (number | undefined)[] | undefined;
  for (let rounds = 0; answers === undefined; rounds++) {
    const from = await index.covered();
    must(rounds <= MOST_ROUNDS, () => `it takes nothing in from ${from} on`);
    if (from === TOTAL) answers = await attempt(() => index.find(leaves.slice(0, TOTAL)));
    else await attempt(() => index.add(from, leaves.slice(from, Math.min(TOTAL, from + BATCH))));
  }
  if (seen.length > (repaired ? 1 : 0)) reached.push(REACHES[5]);
  reached.push(...judgeAnswers(answers, seen.length > 0));
  await index.close();
  await openAgain(stage, answers);
  return reached.length > 0 ? reached : [REACHES[0]];
}

/** What was rebuilt answers rightly; what was not may point at other entries, or miss some: the tiles are the truth. */
function judgeAnswers(answers: readonly (number | undefined)[], rebuilt: boolean): string[] {
  const wrong = answers.some((answer, leaf) => answer !== undefined && answer !== leaf);
  const missing = answers.includes(undefined);
  must(!rebuilt || (!wrong && !missing), () => 'an index that was rebuilt does not know its entries');
  must(
    answers.every((answer) => answer === undefined || (Number.isSafeInteger(answer) && answer >= 0 && answer < TOTAL)),
    () => 'it points at entries that cannot be',
  );
  return [...(wrong ? [REACHES[6]] : []), ...(missing ? [REACHES[7]] : [])];
}

/** An index that was closed is opened as it was closed, or what is wrong with it is found now. */
async function openAgain({ dir, open, leaves }: Stage, answers: readonly (number | undefined)[]): Promise<void> {
  const { index, seen } = open(dir);
  try {
    if (seen.length > 0) return;
    must((await index.covered()) === TOTAL, () => 'a closed index covers another size');
    const again = await index.find(leaves.slice(0, TOTAL)).catch((error: unknown) => {
      if (!(error instanceof LogError)) throw error;
      return answers;
    });
    must(again.join() === answers.join(), () => 'a closed index answers otherwise');
  } finally {
    await index.close();
  }
}
