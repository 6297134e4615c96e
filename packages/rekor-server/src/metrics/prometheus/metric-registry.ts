import { type Metric, printValue, type Sample } from './metric.ts';

/** A sample of a family, by name: what one thread has counted, for another to add up. */
export interface FamilySample extends Sample {
  readonly name: string;
}

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
      if (metric.type === 'gauge' && metric.addsUp !== true) continue;
      for (const sample of metric.samples()) yield { name: metric.name, ...sample };
    }
  }

  /** The text format: families by name, those without a sample left out. `others` are added to the own values. */
  text(others: Iterable<FamilySample> = []): string {
    const added = sumOf(others);
    const lines: string[] = [];
    for (const metric of [...this.#metrics.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const samples = withAdded(metric.samples(), added.get(metric.name));
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

type Sums = Map<string, Sample & { value: number }>;

const keyOf = ({ suffix, labels }: Sample): string => `${suffix} ${labels}`;

function sumOf(samples: Iterable<FamilySample>): ReadonlyMap<string, Sums> {
  const families = new Map<string, Sums>();
  for (const { name, ...sample } of samples) {
    let sums = families.get(name);
    if (sums === undefined) {
      sums = new Map();
      families.set(name, sums);
    }
    const sum = sums.get(keyOf(sample));
    if (sum === undefined) sums.set(keyOf(sample), sample);
    else sum.value += sample.value;
  }
  return families;
}

function withAdded(own: Iterable<Sample>, added: Sums | undefined): Sample[] {
  if (added === undefined) return [...own];
  const rest = new Map(added);
  const samples: Sample[] = [];
  for (const sample of own) {
    const more = rest.get(keyOf(sample));
    rest.delete(keyOf(sample));
    samples.push(more === undefined ? sample : { ...sample, value: sample.value + more.value });
  }
  // The buckets of a distribution stay in their order: it comes whole or not at all.
  samples.push(...rest.values());
  return samples;
}
