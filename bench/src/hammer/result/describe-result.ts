import type { LatencySummary } from '../measure/latency.ts';
import type { HammerResult } from './hammer-result.ts';

/** The result for a person. */
export function describeResult(result: HammerResult): string {
  const { target, writes, integration, reads, checks, generator } = result;
  const lines = [
    `${target.origin}, a ${target.kind} log at ${target.url}: ${target.sizeAtStart} entries before, ${target.sizeAtEnd} after`,
    `ended by ${result.ended} after ${result.seconds} s`,
    `writes:      ${writes.accepted} accepted, ${writes.perSecond}/s, ${mebibytes(writes.bytesPerSecond)}/s; ` +
      `${writes.duplicates} duplicates, ${writes.pushbacks} pushbacks${errors(writes.errors)}`,
    `  latency:   ${latency(writes.latency)}`,
    ...(writes.latencySinceDue ? [`  since due: ${latency(writes.latencySinceDue)}`] : []),
    `integration: ${latency(integration.latency)} (known to ${integration.checkpointReadEvery?.p99 ?? '–'} ms)`,
    `reads:       ${reads.count}, ${reads.perSecond}/s, ${mebibytes(reads.bytesPerSecond)}/s; ` +
      `${reads.pushbacks} pushbacks${errors(reads.errors)}`,
    `  latency:   ${latency(reads.latency)}`,
    `checks:      ${checks.indexes} answered indexes, ${checks.roots} roots and ${checks.signatures} signatures of checkpoints, ` +
      `${checks.consistencyProofs} consistency proofs, ${checks.inclusionProofs} inclusion proofs from tiles and ` +
      `${checks.answerProofs} in answers, ${checks.entriesRead} entries read`,
    `generator:   ${generator.cores} cores, main thread busy ${percent(generator.busy)}, machine ${percent(generator.machineBusy)}`,
    ...(generator.isBottleneck
      ? ['             THE GENERATOR WAS THE BOTTLENECK: the server may be faster than this']
      : []),
    ...result.violations.map(({ kind, message }) => `VIOLATION ${kind}: ${message}`),
    ...(result.ok ? ['every check held'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function latency(summary: LatencySummary | undefined): string {
  if (summary === undefined) return '–';
  const { p50, p95, p99, max } = summary;
  return `p50 ${p50}, p95 ${p95}, p99 ${p99}, max ${max} ms`;
}

function errors(byKind: Readonly<Record<string, number>>): string {
  const shown = Object.entries(byKind).map(([kind, count]) => `${count} × ${kind}`);
  return shown.length === 0 ? ', no errors' : `, errors: ${shown.join(', ')}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
