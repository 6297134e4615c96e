import { type Metric, printValue } from './metric.ts';

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

  /** The text format: families by name, those without a sample left out. */
  text(): string {
    const lines: string[] = [];
    for (const metric of [...this.#metrics.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const samples = [...metric.samples()];
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
