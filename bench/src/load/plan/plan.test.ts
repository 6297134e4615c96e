import { expect, test } from 'vitest';
import { estimateSteps, spokenTime } from './estimate.ts';
import { readOptions } from './options.ts';
import { makePlan, type Plan, samePlan, stepsOf } from './plan.ts';

const planOf = (...args: string[]): Plan => makePlan(readOptions(args).selection);
const keys = (plan: Plan): string[] => stepsOf(plan).map(({ key }) => key);

test('all of it: every table, three runs, five and twenty seconds, in about an hour', () => {
  const plan = planOf();
  expect(plan).toMatchObject({ runs: 3, length: { warmUpSeconds: 5, measuredSeconds: 20 } });
  const rows = plan.rows.map(({ suite, writers }) => `${suite} ${writers}`);
  expect(rows.slice(0, 6)).toEqual([1, 16, 64, 512, 2048, 4000].map((writers) => `rekor ${writers}`));
  expect(rows.slice(6)).toEqual([...[1, 16, 64, 512, 2048, 3000].map((writers) => `raw ${writers}`), 'grpc 512']);
  const minutes = estimateSteps(stepsOf(plan), plan) / 60;
  expect(minutes).toBeGreaterThan(45);
  expect(minutes).toBeLessThan(80);
});

test('contestants take turns within a round', () => {
  expect(keys(planOf('--only', 'rekor', '--writers', '64', '--runs', '2'))).toEqual([
    'rekor/64/ours/1',
    'rekor/64/peer-best/1',
    'rekor/64/peer-default/1',
    'rekor/64/ours/2',
    'rekor/64/peer-best/2',
    'rekor/64/peer-default/2',
  ]);
});

test('--only takes tables and sides, and writers that only one table has', () => {
  expect(keys(planOf('--only', 'raw,peer', '--runs', '1', '--writers', '3000'))).toEqual(['raw/3000/tessera/1']);
  expect(keys(planOf('--only', 'ours', '--runs', '1', '--writers', '4000'))).toEqual(['rekor/4000/ours/1']);
  expect(keys(planOf('--only=ours', '--runs=1', '--writers=512'))).toEqual([
    'rekor/512/ours/1',
    'raw/512/ours/1',
    'raw/512/ours-roomy/1',
    'grpc/512/ours/1',
  ]);
});

test('quick: one short run each of few writers, unless they are named', () => {
  const plan = planOf('--quick');
  expect(plan).toMatchObject({ runs: 1, length: { warmUpSeconds: 2, measuredSeconds: 6 } });
  expect([...new Set(plan.rows.map(({ writers }) => writers))]).toEqual([1, 64, 512]);
  expect(planOf('--quick', '--only', 'grpc').rows).toHaveLength(1);
  expect(planOf('--quick', '--writers', '2048', '--runs', '2').rows.map(({ writers }) => writers)).toEqual([
    2048, 2048,
  ]);
  expect(planOf('--seconds', '3').length).toEqual({ warmUpSeconds: 1, measuredSeconds: 3 });
  expect(planOf('--seconds', '60').length).toEqual({ warmUpSeconds: 5, measuredSeconds: 60 });
});

test('what cannot be done is refused as wrong usage', () => {
  const refusal = (...args: string[]): unknown => {
    try {
      planOf(...args);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const cases: [string[], RegExp][] = [
    [['--writers', '7'], /nothing here is measured with 7 writers.* 1, 16, 64, 512, 2048, 3000, 4000/],
    [['--only', 'raw', '--writers', '4000'], /with 4000 writers/],
    [['--writers', '1,,64'], /--writers takes integers/],
    [['--writers', '1e3'], /--writers takes integers/],
    [['--only', 'theirs'], /--only takes any of rekor, raw, grpc, ours, peer/],
    [['--runs', '0'], /--runs takes integers from 1 to 99/],
    [['--seconds', '601'], /--seconds takes integers from 1 to 600/],
    [['--short', '--memory'], /exclude each other/],
    [['--short', '--runs', '1'], /--short always measures the same/],
    [['--short', '--resume', 'x.json'], /--resume goes on with a table/],
    [['--update-baseline'], /goes with --short/],
    [['--nonsense'], /Unknown option/],
  ];
  for (const [args, words] of cases) {
    const error = refusal(...args);
    expect(error, args.join(' ')).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(words);
    expect((error as { code?: string }).code).toMatch(/^ERR_PARSE_ARGS/);
  }
});

test('a plan is the same when it measures the same', () => {
  expect(samePlan(planOf(), JSON.parse(JSON.stringify(planOf())) as Plan)).toBe(true);
  for (const args of [['--runs', '2'], ['--seconds', '10'], ['--only', 'rekor'], ['--writers', '64'], ['--quick']]) {
    expect(samePlan(planOf(), planOf(...args)), args.join(' ')).toBe(false);
  }
  expect(readOptions(['--resume', 'x.json', '--out=y']).isPlanGiven).toBe(false);
  expect(readOptions(['--resume', 'x.json', '--runs=2']).isPlanGiven).toBe(true);
});

test('times are told as people do', () => {
  expect([4.4, 99, 100, 3_540, 3_900].map(spokenTime)).toEqual(['4 s', '99 s', '2 min', '59 min', '1 h 05 min']);
});
