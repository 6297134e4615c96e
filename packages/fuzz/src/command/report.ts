import { MOST_GROWTH } from '../growth/growth-case.ts';
import type { FuzzSuite } from '../run/fuzz-suite.ts';
import type { TargetReport } from '../run/run-target.ts';

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The one command that runs a single input of a target again. */
export function replayCommand({ command }: FuzzSuite, { name, seed }: TargetReport, input: number): string {
  return `npm run ${command} -- --target ${name} --seed ${seed} --only ${input}`;
}

/** What is wrong with a target's run, as sentences for people; nothing when every rule was kept. */
export function faultsOf(suite: FuzzSuite, report: TargetReport, mustReachAll: boolean): string[] {
  const { name, seed, violation, unreached, kinds, inputs, growth = [] } = report;
  const faults: string[] = [];
  if (violation !== undefined) {
    const again = replayCommand(suite, report, violation.input);
    faults.push(`${name}, seed ${seed}, input ${violation.input}: ${violation.message}\n  ${again}`);
  } else if (mustReachAll) {
    for (const check of unreached) faults.push(`${name}, seed ${seed}: no input reached '${check}'`);
    if (kinds.damaged < 0.9 * inputs)
      faults.push(`${name}: only ${kinds.damaged} of ${inputs} inputs are damaged ones`);
  }
  for (const { name: family, exponent } of growth) {
    if (exponent > MOST_GROWTH)
      faults.push(`${name}: its time grows with the power ${exponent.toFixed(2)} of the size of ${family}`);
  }
  return faults;
}

/** The reports as Markdown: one table of all targets, how their times grow, and for each what its inputs reached. */
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
  return `${[...head, ...rows].join('\n')}\n${describeGrowth(reports)}${reports.map(describeReached).join('')}`;
}

function describeGrowth(reports: readonly TargetReport[]): string {
  const rows = reports.flatMap(({ name, growth = [] }) =>
    growth.map(
      (one) => `| ${[name, one.name, number(one.size), one.ms.toFixed(3), one.exponent.toFixed(2)].join(' | ')} |`,
    ),
  );
  if (rows.length === 0) return '';
  const head = ['| target | inputs | largest | its time, ms | exponent |', '| --- | --- | ---: | ---: | ---: |'];
  return `\n### How times grow\n\n${[...head, ...rows].join('\n')}\n`;
}

function describeReached({ name, reached }: TargetReport): string {
  const rows = Object.entries(reached).map(([check, count]) => `| ${check} | ${number(count)} |`);
  return `\n### ${name}\n\n| reached | inputs |\n| --- | ---: |\n${rows.join('\n')}\n`;
}
