import type { WorkspaceDir } from '../../server/workspace-dir.ts';
import { contestantOf } from '../plan/contestants.ts';
import type { BenchOptions } from '../plan/options.ts';
import { type Step, stepKey } from '../plan/plan.ts';
import type { RunFigures } from '../run-figures.ts';
import { prepareRequests, runStep } from '../run-step.ts';
import { commitOf } from '../table/commit-of.ts';
import { missingTools } from '../table/missing-tools.ts';
import { figuresLine } from '../table/progress-line.ts';
import { thisMachine } from '../table/results-file.ts';
import {
  BASELINE_FILE,
  bestOf,
  compareRatios,
  hasFallen,
  type Ratios,
  readBaseline,
  writeBaseline,
} from './baseline.ts';
import {
  coreRatios,
  isDisturbed,
  OUR_LENGTH,
  PEER_LENGTH,
  RAW_LENGTH,
  rateName,
  ratiosOf,
  SHORT_ROWS,
  type ShortRow,
} from './short-rows.ts';

/** `npm run bench -- --short`: whether ours has become slower, as seen beside its peers. Returns the exit status. */
export async function runShort(
  { reference, updateBaseline }: BenchOptions,
  workspace: WorkspaceDir,
  say: (line: string) => void,
): Promise<number> {
  const baseline: Ratios = updateBaseline ? {} : (await readBaseline(BASELINE_FILE)).ratios;
  const started = performance.now();
  const skipped: string[] = [];
  const disturbed: string[] = [];
  const ours = SHORT_ROWS.map(({ suite, writers }) => ({ contestant: contestantOf(suite, 'ours'), writers }));
  await prepareRequests(ours, OUR_LENGTH, say);
  let now = await coreRatios();
  for (const row of SHORT_ROWS) {
    const contestants = [contestantOf(row.suite, row.peer), contestantOf(row.suite, 'ours')];
    const missing = missingTools(contestants, reference);
    if (missing.length > 0) {
      skipped.push(`${row.suite} at ${row.writers} writers: ${missing.join('; ')}`);
      continue;
    }
    const run = (id: string, count: number): Promise<RunFigures> =>
      runShortStep(row, id, count, { workspace, reference, say });
    const measured = await measureRow(row, run, baseline, updateBaseline);
    now = { ...now, ...measured.ratios };
    disturbed.push(...measured.disturbed);
  }
  for (const reason of skipped) say(`bench: SKIPPED ${reason}`);
  const isRequired = process.env.TILEWRIGHT_REQUIRE_ALL === '1';
  const isWhole = skipped.length === 0;
  if (updateBaseline) {
    if (!isWhole) throw new Error('the baseline is not written: it takes all peers');
    const machine = thisMachine();
    await writeBaseline(BASELINE_FILE, {
      measuredAt: new Date().toISOString(),
      commit: await commitOf(),
      machine,
      ratios: now,
    });
    say(`written: ${BASELINE_FILE}`);
  }
  const { table, fallen } = compareRatios(baseline, now, disturbed);
  process.stdout.write(`${table}\n`);
  say(`bench: ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  for (const name of fallen) say(`bench: ${name}: fallen by more than a third`);
  return fallen.length > 0 || (isRequired && !isWhole) ? 1 : 0;
}

/** What a row came to. */
export interface MeasuredRow {
  readonly ratios: Ratios;
  /** Names of ratios that are not judged: other programs were busy beside every run. */
  readonly disturbed: readonly string[];
}

/** Measures a row. On two cores any one run may be unlucky: one that seems to have fallen is made again, and the better counts. */
export async function measureRow(
  row: ShortRow,
  run: (id: string, count: number) => Promise<RunFigures>,
  baseline: Ratios,
  isTwice: boolean,
): Promise<MeasuredRow> {
  const peer = await run(row.peer, 1);
  const first = await run('ours', 1);
  const ratios = ratiosOf(row, first, peer);
  const seemsFallen = Object.entries(ratios).some(([name, value]) => hasFallen(baseline, name, value));
  if (!isTwice && !seemsFallen) return { ratios, disturbed: [] };
  const second = await run('ours', 2);
  const disturbed = isDisturbed(first) && isDisturbed(second) ? [rateName(row)] : [];
  return { ratios: bestOf(ratios, ratiosOf(row, second, peer)), disturbed };
}

async function runShortStep(
  { suite, writers }: ShortRow,
  id: string,
  run: number,
  world: { workspace: WorkspaceDir; reference: string; say: (line: string) => void },
): Promise<RunFigures> {
  const contestant = contestantOf(suite, id);
  const step: Step = { suite, writers, contestant, run, key: stepKey(suite, writers, id, run) };
  const length = suite === 'raw' ? RAW_LENGTH : contestant.side === 'ours' ? OUR_LENGTH : PEER_LENGTH;
  const figures = await runStep(step, length, world);
  world.say(`  ${suite}, ${writers} writers, ${contestant.label}: ${figuresLine(figures)}`);
  return figures;
}
