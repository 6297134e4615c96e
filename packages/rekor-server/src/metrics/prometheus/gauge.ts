import { type LabelValues, type Metric, printLabels, type Sample } from './metric.ts';

/** A family of gauges: each value is set, or read when scraped. */
export class Gauge implements Metric {
  readonly type = 'gauge';
  readonly name: string;
  readonly help: string;
  readonly addsUp: boolean;
  readonly #labelNames: readonly string[];
  readonly #values = new Map<string, number | (() => number)>();

  constructor(name: string, help: string, labelNames: readonly string[] = [], addsUp = false) {
    this.name = name;
    this.help = help;
    this.addsUp = addsUp;
    this.#labelNames = labelNames;
  }

  /** Sets a value, or the function that a scrape asks for it. */
  set(value: number | (() => number), labels: LabelValues = []): void {
    this.#values.set(printLabels(this.#labelNames, labels), value);
  }

  *samples(): Iterable<Sample> {
    for (const [labels, value] of this.#values) {
      yield { suffix: '', labels, value: typeof value === 'number' ? value : value() };
    }
  }
}
