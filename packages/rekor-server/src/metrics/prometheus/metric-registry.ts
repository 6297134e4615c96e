import { type Metric, printValue, type Sample } from './metric.ts';
import { type FamilySample, SampleSums, type Sums, sampleKey } from './sample-sums.ts';

/** Content type of {@link MetricRegistry.text} (Prometheus text format 0.0.4), with the parameters of rekor-tiles. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

/** Every metric of one server, by unique name. Nothing is registered by default. */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();

  /** Adds a metric and returns it. Throws a `RangeError` when the name is taken. */
  register<T extends Metric>(metric: T): T {
    if (this.#metrics.has(metric.name)) throw new RangeError(`metric ${metric.name} is registered twice`);
    this.#metrics.set(metric.name, metric);
    return metric;
  }

  /** Everything of which the values of several threads add up. */
  *summable(): Iterable<FamilySample> {
    for (const metric of this.#metrics.values()) {
      const lasts = metric.type !== 'gauge';
      if (!lasts && metric.addsUp !== true) continue;
      for (const sample of metric.samples()) yield { name: metric.name, lasts, ...sample };
    }
  }

  /** The text format: families by name, those without a sample left out. `others` are added to the own values. */
  text(others: Iterable<FamilySample> = []): string {
    const added = new SampleSums();
    added.add(others);
    const lines: string[] = [];
    for (const metric of [...this.#metrics.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const samples = withAdded(metric.samples(), added.family(metric.name));
      if (samples.length === 0) continue;
      const help = metric.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
      lines.push(`# HELP ${metric.name} ${help}`, `# TYPE ${metric.name} ${metric.type}`);
      for (const { suffix, labels, value } of samples) {
        lines.push(`${metric.name}${suffix}${labels === '' ? '' : `{${labels}}`} ${printValue(value)}`);
      }
    }
    return `${lines.join('\n')}\n`;
  }
}

function withAdded(own: Iterable<Sample>, added: Sums | undefined): Sample[] {
  if (added === undefined) return [...own];
  const rest = new Map(added);
  const samples: Sample[] = [];
  for (const sample of own) {
    const more = rest.get(sampleKey(sample));
    rest.delete(sampleKey(sample));
    samples.push(more === undefined ? sample : { ...sample, value: sample.value + more.value });
  }
  // The buckets of a distribution stay in their order: it comes whole or not at all.
  samples.push(...rest.values());
  return samples;
}
