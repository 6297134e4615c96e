import type { WitnessedHead } from '../state/witnessed-head.ts';
import type { RequestCounts } from './request-counts.ts';

/** The metrics of a witness as Prometheus reads them. Without heads, because the state fails, those of the logs are missing. */
export function metricsText(counts: RequestCounts, heads: readonly WitnessedHead[] | undefined): string {
  return [
    ...family('tilewright_witness_requests_total', 'counter', 'Requests that were answered.', [
      ...[...counts.all()].map(({ endpoint, status, count }) => `{endpoint="${endpoint}",status="${status}"} ${count}`),
    ]),
    ...family('tilewright_witness_state_usable', 'gauge', 'Whether the state can be used.', [
      ` ${heads === undefined ? 0 : 1}`,
    ]),
    ...family(
      'tilewright_witness_cosigned_size',
      'gauge',
      'Size of the tree that was cosigned last.',
      (heads ?? []).map(({ checkpoint: { origin, size } }) => `{origin=${label(origin)}} ${size}`),
    ),
    ...family(
      'tilewright_witness_cosigned_timestamp_seconds',
      'gauge',
      'When a checkpoint was cosigned last.',
      (heads ?? []).map(({ checkpoint: { origin }, timestamp }) => `{origin=${label(origin)}} ${timestamp}`),
    ),
    '',
  ].join('\n');
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly string[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map((sample) => `${name}${sample}`)];
}

/** An origin holds no control characters, so that these two are all that needs an escape. */
function label(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
