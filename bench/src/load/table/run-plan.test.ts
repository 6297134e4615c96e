import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readOptions } from '../plan/options.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { someFigures } from '../testing/some-figures.ts';
import { type Machine, newResults, type Results, readResults, writeResults } from './results-file.ts';
import { openSteps, type PlanWorld, runPlan } from './run-plan.ts';

const machine: Machine = { cpus: 2, model: 'some', node: 'v24.0.0' };
const session = { startedAt: '2026-01-01T00:00:00.000Z', commit: 'abc1234' };
const planOf = (...args: string[]): Plan => makePlan(readOptions(args).selection);
const plan = planOf('--only', 'rekor', '--writers', '1,64', '--runs', '2');

/** Runs without servers; `run` may throw. */
function world(
  run: PlanWorld['run'] = async () => someFigures(),
): PlanWorld & { made: string[]; said: string[]; stored: Results[] } {
  const [made, said, stored] = [[] as string[], [] as string[], [] as Results[]];
  let clock = 0;
  return {
    made,
    said,
    stored,
    run: async (step) => {
      made.push(step.key);
      clock += 60_000;
      return run(step);
    },
    store: async (results) => void stored.push(results),
    say: (line) => void said.push(line),
    now: () => clock,
  };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tilewright-results-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('each measurement is stored at once, and a run goes on where it was killed', async () => {
  const whole = world();
  const complete = await runPlan(newResults(plan, machine, session), whole);
  expect(whole.made).toHaveLength(12);
  expect(whole.stored.map(({ results }) => Object.keys(results).length)).toEqual(whole.made.map((_, i) => i + 1));
  expect(openSteps(complete)).toEqual([]);
  const file = join(await folder(), 'run.json');
  await writeResults(file, whole.stored[4] ?? complete);
  const rest = world();
  const resumed = await runPlan(await readResults(file, plan, machine), rest);
  expect(rest.made).toEqual(whole.made.slice(5));
  expect(Object.keys(resumed.results)).toEqual(Object.keys(complete.results));
  expect(rest.said.at(-1)).toMatch(/^\[12\/12\] rekor, 64 writers, .*; 0 s left$/);
  expect(rest.said[0]).toMatch(/^\[6\/12\] .* min left$/);
});

test('a measurement that fails is made twice, stored as failed, and made again by the next sitting', async () => {
  const bad = world(async ({ key }) => {
    if (key === 'rekor/1/peer-best/1') throw new Error('the server\nended');
    return someFigures();
  });
  const results = await runPlan(newResults(plan, machine, session), bad);
  expect(bad.made.filter((key) => key === 'rekor/1/peer-best/1')).toHaveLength(2);
  expect(bad.made).toHaveLength(13);
  expect(results.results['rekor/1/peer-best/1']).toEqual({ failed: 'the server\nended' });
  const again = world();
  expect(openSteps(await runPlan(results, again))).toEqual([]);
  expect(again.made).toEqual(['rekor/1/peer-best/1']);
});

test('more room for waiting entries is measured only where the defaults pushed somebody back', async () => {
  const raw = planOf('--only', 'raw,ours', '--writers', '512,3000', '--runs', '1');
  const some = world(async ({ writers }) => someFigures({ pushedBack: writers === 3000 ? 7 : 0 }));
  const { results } = await runPlan(newResults(raw, machine, session), some);
  expect(some.made).toEqual(['raw/512/ours/1', 'raw/3000/ours/1', 'raw/3000/ours-roomy/1']);
  expect(results['raw/512/ours-roomy/1']).toEqual({ skipped: 'the defaults pushed nobody back' });
});

test('what is no run of this plan on this machine is refused as wrong usage', async () => {
  const path = await folder();
  const file = join(path, 'run.json');
  const refused = async (text: string | undefined, wanted?: Plan, here = machine): Promise<string> => {
    if (text !== undefined) await writeFile(file, text);
    const error: unknown = await readResults(text === undefined ? join(path, 'none') : file, wanted, here).catch(
      (e) => e,
    );
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_PARSE_ARGS/) });
    return (error as Error).message;
  };
  const good = JSON.stringify(newResults(plan, machine, session));
  expect(await refused(undefined)).toMatch(/cannot be read \(ENOENT\)/);
  for (const text of [
    '',
    'null',
    '[]',
    '{"format":"tilewright-bench-1"}',
    '{"format":"other","plan":{}}',
    good.slice(0, -5),
  ]) {
    expect(await refused(text)).toMatch(/is no results file of npm run bench/);
  }
  expect(await refused(good, planOf('--quick'))).toMatch(/its plan is another one/);
  expect(await refused(good, undefined, { ...machine, cpus: 64 })).toMatch(/measured with cpus 2, not 64/);
  await writeFile(file, good);
  expect(await readResults(file, undefined, machine)).toEqual(JSON.parse(good));
});

test('a results file is replaced as a whole', async () => {
  const path = await folder();
  const file = join(path, 'deep', 'run.json');
  await writeResults(file, newResults(plan, machine, session));
  await writeResults(file, newResults(plan, machine, { ...session, commit: undefined }));
  expect(await readdir(join(path, 'deep'))).toEqual(['run.json']);
});
