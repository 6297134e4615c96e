import type { LoadResult } from '../load-result.ts';
import type { Latency } from '../measure/series.ts';

/** The result for a person. */
export function describeResult(result: LoadResult): string {
  const { series, verdicts, generator, size } = result;
  const where = result.target.isOurs ? 'a server started for it' : result.target.url;
  const lines = [
    `${result.scenario}: ${result.about}; ${where}, ${size.seconds} s asked for`,
    `${result.requests} requests in ${result.seconds.toFixed(1)} s, ${result.perSecond.toFixed(1)}/s answered as they should be` +
      (result.areRequestsUsedUp
        ? `; it ended early: all of the ${result.count} requests that it may make were made`
        : ''),
    ...series.answers.map(
      ({ request, answer, isExpected, latency }) =>
        `  ${request.padEnd(7)} ${answer.padEnd(22)} ${String(latency.count).padStart(7)}  ${latencyText(latency)}${isExpected ? '' : '  NOT EXPECTED'}`,
    ),
    `cores busy: k6 ${generator.k6Cores.toFixed(1)}, ` +
      (generator.serverCores === undefined ? '' : `server ${generator.serverCores.toFixed(1)}, `) +
      `machine ${generator.machineCores.toFixed(1)}`,
    ...generator.warnings.map((warning) => `NOTE ${warning}`),
    ...verdicts.map(({ threshold, value, held }) => `${held ? 'held  ' : 'BROKEN'} ${threshold}: ${valueText(value)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** A measured value, with as many digits as it deserves. */
export function valueText(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return 'nothing measured';
  if (Number.isInteger(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Percentiles in one line. */
export function latencyText({ p50, p95, p99, max }: Latency): string {
  return `p50 ${valueText(p50)}, p95 ${valueText(p95)}, p99 ${valueText(p99)}, max ${valueText(max)} ms`;
}
