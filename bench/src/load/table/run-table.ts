import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markdownReport } from '../../report/markdown.ts';
import { reportPlots } from '../../report/plots.ts';
import { summarize } from '../../report/summarize.ts';
import { verdicts } from '../../report/targets.ts';
import type { WorkspaceDir } from '../../server/workspace-dir.ts';
import { estimateSteps, spokenTime } from '../plan/estimate.ts';
import type { BenchOptions } from '../plan/options.ts';
import { makePlan, stepsOf } from '../plan/plan.ts';
import { prepareRequests, runStep } from '../run-step.ts';
import { commitOf } from './commit-of.ts';
import { missingTools } from './missing-tools.ts';
import { newResults, type Results, readResults, type Session, thisMachine, writeResults } from './results-file.ts';
import { openSteps, runPlan } from './run-plan.ts';

/** `npm run bench`: the table, its plots, and whether the targets were met. Returns the exit status. */
export async function runTable(
  options: BenchOptions,
  workspace: WorkspaceDir,
  say: (line: string) => void,
): Promise<number> {
  const startedAt = new Date();
  const session: Session = { startedAt: startedAt.toISOString(), commit: await commitOf() };
  const { path, results: from } = await startOrGoOn(options, session);
  const steps = openSteps(from);
  const missing = missingTools(
    steps.map(({ contestant }) => contestant),
    options.reference,
  );
  if (missing.length > 0) throw new Error(missing.join('; '));
  const all = stepsOf(from.plan).length;
  const time = spokenTime(estimateSteps(steps, from.plan));
  say(`bench: ${steps.length} of ${all} measurements to make, about ${time}; each is stored at once in`);
  say(`  ${path}: --resume with that file goes on where it ends`);
  await writeResults(path, from);
  await prepareRequests(steps, from.plan.length, say);
  const results = await runPlan(from, {
    run: (step) => runStep(step, from.plan.length, { workspace, reference: options.reference, say }),
    store: (current) => writeResults(path, current),
    say,
    now: () => performance.now(),
  });
  return writeReport(path.replace(/\.json$/, ''), results, say);
}

async function startOrGoOn(
  { selection, isPlanGiven, resume, out }: BenchOptions,
  session: Session,
): Promise<{ path: string; results: Results }> {
  const plan = makePlan(selection);
  if (resume === undefined) {
    const name = session.startedAt.slice(0, 19).replaceAll(':', '');
    return { path: join(out, `${name}.json`), results: newResults(plan, thisMachine(), session) };
  }
  const known = await readResults(resume, isPlanGiven ? plan : undefined, thisMachine());
  const sessions = openSteps(known).length === 0 ? known.sessions : [...known.sessions, session];
  return { path: resume, results: { ...known, sessions } };
}

async function writeReport(stem: string, results: Results, say: (line: string) => void): Promise<number> {
  const rows = summarize(results);
  const reached = verdicts(rows);
  const plots = reportPlots(rows);
  const text = markdownReport(results, rows, reached);
  const name = stem.slice(stem.lastIndexOf('/') + 1);
  const images = plots.map((plot) => `![${plot.title}](${name}-${plot.name}.svg)`);
  await mkdir(join(stem, '..'), { recursive: true });
  await writeFile(`${stem}.md`, `${[text, ...images].join('\n\n')}\n`);
  for (const plot of plots) await writeFile(`${stem}-${plot.name}.svg`, plot.svg);
  process.stdout.write(`${text}\n`);
  say(`written: ${stem}.json, .md${plots.map((plot) => `, -${plot.name}.svg`).join('')}`);
  const failed = Object.entries(results.results).filter(([, result]) => 'failed' in result);
  for (const [key, result] of failed) say(`bench: ${key} failed: ${'failed' in result ? result.failed : ''}`);
  return failed.length > 0 || reached.some(({ met }) => met === false) ? 1 : 0;
}
