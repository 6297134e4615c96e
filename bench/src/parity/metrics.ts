import type { Answer } from './row.ts';

/** Metrics whose names, types and labels operators' dashboards rely on. */
const SHARED = /^(rekor_v2_|grpc_server_)/;

/**
 * Fetches /metrics and describes each shared metric by `type`, `labels`, `buckets` and, for gRPC metrics, `methods`;
 * values and the label values that depend on the requests made are not compared. Metrics of the engine underneath
 * (tessera_*, promhttp_*, target_info) belong to the reference alone, tilewright_* to ours.
 */
export async function metricShapes(port: number): Promise<Map<string, Answer>> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } });
  return parseMetrics(await response.text());
}

/** Reads the Prometheus text format (exposition formats, 0.0.4). */
export function parseMetrics(text: string): Map<string, Answer> {
  const types = new Map<string, string>();
  const series = new Map<string, Record<string, string>[]>();
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type?.[1] !== undefined && type[2] !== undefined) types.set(type[1], type[2]);
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line);
    if (sample?.[1] === undefined) continue;
    const name = baseName(sample[1], types);
    series.set(name, [...(series.get(name) ?? []), parseLabels(sample[2] ?? '')]);
  }
  const shapes = new Map<string, Answer>();
  for (const [name, type] of [...types].filter(([metric]) => SHARED.test(metric))) {
    shapes.set(name, shape(type, series.get(name) ?? []));
  }
  return shapes;
}

function shape(type: string, series: readonly Record<string, string>[]): Answer {
  const unique = (values: readonly string[]): string => [...new Set(values)].sort().join(' ');
  const methods = series.flatMap((labels) =>
    labels.grpc_method === undefined ? [] : [`${labels.grpc_service}/${labels.grpc_method}`],
  );
  const bounds = [...new Set(series.flatMap((labels) => (labels.le === undefined ? [] : [labels.le])))];
  return {
    type,
    labels: unique(series.flatMap((labels) => Object.keys(labels))),
    ...(bounds.length > 0 && { buckets: bounds.join(' ') }),
    ...(methods.length > 0 && { methods: unique(methods) }),
  };
}

/** `x_bucket`, `x_sum` and `x_count` belong to the histogram `x`. */
function baseName(sample: string, types: ReadonlyMap<string, string>): string {
  const base = sample.replace(/_(bucket|sum|count)$/, '');
  return types.get(base) === 'histogram' ? base : sample;
}

function parseLabels(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return Object.fromEntries(pairs.map((pair) => [pair[1] ?? '', pair[2] ?? '']));
}
