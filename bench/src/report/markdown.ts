import { type Contestant, type SuiteName, suiteOf } from '../load/plan/contestants.ts';
import type { RunFigures } from '../load/run-figures.ts';
import type { Results } from '../load/table/results-file.ts';
import { figureText, NONE, shortLabel, timesText } from './figure-text.ts';
import { type FigureName, figureOf, type ReportRow, ratioOf } from './summarize.ts';
import { ELSEWHERE, FIGURE_NAMES, type Verdict, verdictWord } from './targets.ts';

const COLUMNS: readonly FigureName[] = ['rate', 'p50', 'p95', 'p99', 'cpuPerThousand', 'peakMiB'];
/** Other programs on more cores than this distort a run on two. */
const BUSY_CORES = 0.2;
/** wrk and the gRPC load have one thread: with less than a tenth of it left, it is them that are measured. */
const GENERATOR_FULL = 0.9;

/** The report: a table for each suite, the targets, and what to know about the figures. */
export function markdownReport(results: Results, rows: readonly ReportRow[], reached: readonly Verdict[]): string {
  const suites = [...new Set(rows.map(({ suite }) => suite))];
  return [
    headline(results),
    ...suites.map((suite) =>
      suiteTable(
        suite,
        rows.filter((row) => row.suite === suite),
      ),
    ),
    targetTable(reached),
    notes(rows),
  ].join('\n\n');
}

function headline({ machine, plan, sessions }: Results): string {
  const { warmUpSeconds, measuredSeconds } = plan.length;
  const commits = [...new Set(sessions.map(({ commit }) => commit ?? 'unknown'))];
  return [
    `# Bench, ${sessions[0]?.startedAt.slice(0, 16) ?? ''}Z`,
    `${machine.cpus} × ${machine.model}, shared with the load; Node ${machine.node}; commit ${commits.join(', then ')}. Median ` +
      `of ${plan.runs}, contestants in turns, each on a fresh log: ${warmUpSeconds} s of warm-up, ${measuredSeconds} s measured.` +
      (sessions.length > 1 ? ` In ${sessions.length} sittings.` : ''),
  ].join('\n\n');
}

function suiteTable(name: SuiteName, rows: readonly ReportRow[]): string {
  const suite = suiteOf(name);
  const writers = [...new Set(rows.map((row) => row.writers))];
  const shown = suite.contestants.filter(({ id }) => rows.some((row) => row.contestant.id === id));
  const lines = writers.flatMap((count) => {
    const group = rows.filter((row) => row.writers === count);
    const [ours, peers] = [group.filter(isSide('ours')), group.filter(isSide('peer'))];
    // Whoever did not run, since there was no need, has no line.
    const known = group.filter(({ runs, notes: [note] }) => runs.length > 0 || note?.startsWith('not needed') !== true);
    const ratios = ours.flatMap((one) => peers.map((other) => ratioLine(one, other)));
    return [...known.map(rowLine), ...ratios.filter((line) => line !== undefined)];
  });
  const table = [
    `| writers | server | ${COLUMNS.map((figure) => FIGURE_NAMES[figure]).join(' | ')} | failures | load, cores | machine |`,
    `| ---: | --- |${' ---: |'.repeat(COLUMNS.length + 2)} --- |`,
    ...lines,
  ];
  const settings = shown.map((contestant) => `- ${contestant.label}: ${contestant.settings}`);
  return [`## ${suite.title}`, settings.join('\n'), table.join('\n')].join('\n\n');
}

function rowLine(row: ReportRow): string {
  const { writers, contestant, runs } = row;
  const failures = runs.reduce((sum, run) => sum + run.failures, 0);
  const load = Math.max(...runs.map(({ generatorCores }) => generatorCores));
  const figures = COLUMNS.map((name) => figureText(figureOf(row, name)));
  return `| ${[writers, contestant.label, ...figures, failures, figureText(load), machineText(row)].join(' | ')} |`;
}

function machineText({ runs, contestant, notes: reasons }: ReportRow): string {
  const part = (what: string, holds: (run: RunFigures) => boolean): string[] => {
    const count = runs.filter(holds).length;
    return count === 0 ? [] : [runs.length === 1 ? what : `${what} in ${count} of ${runs.length}`];
  };
  const isSingle = contestant.load !== 'hammer';
  const words = [
    ...part('disk noisy', ({ disk }) => disk.noisy),
    ...part('others busy', ({ othersCores }) => othersCores > BUSY_CORES),
    ...part('BOUNDED BY THE LOAD', ({ generatorCores }) => isSingle && generatorCores > GENERATOR_FULL),
    ...reasons.map((reason) => reason.replaceAll('|', '/')),
  ];
  return words.join(', ') || 'quiet';
}

function ratioLine(ours: ReportRow, peer: ReportRow): string | undefined {
  if (ours.medians === undefined || peer.medians === undefined) return undefined;
  const ratios = COLUMNS.map((name) => timesText(ratioOf(ours, peer, name)));
  const name = `*${shortLabel(ours.contestant.label)} / ${shortLabel(peer.contestant.label)}*`;
  return `| ${[ours.writers, name, ...ratios, '', '', ''].join(' | ')} |`;
}

function targetTable(reached: readonly Verdict[]): string {
  const lines = reached.map(
    (verdict) =>
      `| ${[verdict.suite, verdict.writers, verdict.what, verdict.asked, verdict.reached, verdictWord(verdict)].join(' | ')} |`,
  );
  const table = ['| interface | writers | figure | asked | reached |  |', '| --- | ---: | --- | ---: | ---: | --- |'];
  return [
    '## Figures to reach',
    lines.length === 0 ? 'None of the rows that were measured has one.' : [...table, ...lines].join('\n'),
    ...(reached.some(({ met }) => met === false)
      ? ['What bounds a figure that was missed: `npm run bench -- --profile --writers N`.']
      : []),
    `Measured elsewhere:\n\n${ELSEWHERE.map((line) => `- ${line}`).join('\n')}`,
  ].join('\n\n');
}

function notes(rows: readonly ReportRow[]): string {
  const has = (load: Contestant['load']): boolean => rows.some(({ contestant }) => contestant.load === load);
  const lines = [
    'CPU and memory are those of the whole process tree of the server; the peak counts from its start.',
    "The main thread is the server process's first one: the one that sequences, hashes and publishes.",
    '"disk noisy": the fdatasync probe before the run had a p99 over 5 ms. "others busy": other programs took more than ' +
      `${BUSY_CORES} of a core. Ratios of such runs say less.`,
    ...(has('wrk')
      ? [
          'The rate counts from the first request to the last answer: a server that answers once in ten seconds is not ' +
            'charged for the wave that did not come any more. "load" is the cores that wrk took; it has one thread.',
        ]
      : []),
    ...(has('hammer')
      ? [
          `Hammer has no percentiles (${NONE}): it shows moving averages of thirty samples, on its terminal view alone. Rates ` +
            'are the growth of the checkpoint, from one checkpoint to another. Failures and push-back count from its start. ' +
            "Hammer makes each leaf and reads each answer with several threads: where its cores, the server's and the rest " +
            'come to all there are, both are bounded by the machine.',
        ]
      : []),
    ...(has('grpc')
      ? [
          'Over gRPC the load is a client of this package with one thread, which reads frames and not headers, so that it ' +
            'leaves the cores to the server.',
        ]
      : []),
  ];
  return ['## Notes', lines.map((line) => `- ${line}`).join('\n')].join('\n\n');
}

function isSide(side: Contestant['side']): (row: ReportRow) => boolean {
  return ({ contestant }) => contestant.side === side;
}
