import type { TargetReport } from '../run-target.ts';

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The one command that runs a single input of a target again. */
export function replayCommand({ name, seed }: TargetReport, input: number): string {
  return `npm run fuzz:disk -- --target ${name} --seed ${seed} --only ${input}`;
}

/** What is wrong with a target's run, as sentences for people; nothing when every rule was kept. */
export function faultsOf(report: TargetReport, mustReachAll: boolean): string[] {
  const { name, seed, violation, unreached, kinds, inputs } = report;
  const faults: string[] = [];
  if (violation !== undefined) {
    faults.push(
      `${name}, seed ${seed}, input ${violation.input}: ${violation.message}\n  ${replayCommand(report, violation.input)}`,
    );
  } else if (mustReachAll) {
    for (const check of unreached) faults.push(`${name}, seed ${seed}: no input reached '${check}'`);
    if (kinds.damaged < 0.9 * inputs)
      faults.push(`${name}: only ${kinds.damaged} of ${inputs} inputs are damaged ones`);
  }
  return faults;
}

/** The reports as Markdown: one table of all targets, and for each what its inputs reached. */
export function describeReports(reports: readonly TargetReport[]): string {
  const rows = reports.map((report) => {
    const { name, about, inputs, seconds, slowestMs, kinds, violation } = report;
    const damaged = `${((100 * kinds.damaged) / Math.max(1, inputs)).toFixed(1)} %`;
    const cells = [name, about, number(inputs), damaged, number(inputs / seconds), number(slowestMs)];
    return `| ${[...cells, violation === undefined ? 'none' : `input ${violation.input}`].join(' | ')} |`;
  });
  const head = [
    '| target | what it is | inputs | damaged valid ones | a second | slowest, ms | broken rules |',
    '| --- | --- | ---: | ---: | ---: | ---: | --- |',
  ];
  return `${[...head, ...rows].join('\n')}\n${reports.map(describeReached).join('')}`;
}

function describeReached({ name, reached }: TargetReport): string {
  const rows = Object.entries(reached).map(([check, count]) => `| ${check} | ${number(count)} |`);
  return `\n### ${name}\n\n| reached | inputs |\n| --- | ---: |\n${rows.join('\n')}\n`;
}
