import { type LabelValues, type Metric, printLabels, printValue, type Sample } from './metric.ts';

/** Upper bounds that Prometheus client libraries use by default; rekor-tiles keeps them even for sizes in bytes. */
export const DEFAULT_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One labelled distribution. */
export class Distribution {
  readonly #bounds: readonly number[];
  /** Observations in each bucket alone, the last one above every bound. */
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  /** Counts `value` into its bucket. */
  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  *samples(labels: string): Iterable<Sample> {
    const prefix = labels === '' ? '' : `${labels},`;
    let total = 0;
    for (const [i, count] of this.#counts.entries()) {
      total += count;
      const bound = printValue(this.#bounds[i] ?? Number.POSITIVE_INFINITY);
      yield { suffix: '_bucket', labels: `${prefix}le="${bound}"`, value: total };
    }
    yield { suffix: '_sum', labels, value: this.#sum };
    yield { suffix: '_count', labels, value: total };
  }
}

/** A family of distributions over the same buckets. */
export class Histogram implements Metric {
  readonly type = 'histogram';
  readonly name: string;
  readonly help: string;
  readonly #labelNames: readonly string[];
  readonly #bounds: readonly number[];
  readonly #cells = new Map<string, Distribution>();

  /** `bounds` ascending, without the infinite one. */
  constructor(
    name: string,
    help: string,
    labelNames: readonly string[] = [],
    bounds: readonly number[] = DEFAULT_BUCKETS,
  ) {
    this.name = name;
    this.help = help;
    this.#labelNames = labelNames;
    this.#bounds = bounds;
    if (labelNames.length === 0) this.cell([]);
  }

  /** The distribution of these label values; made empty when it is asked for the first time. */
  cell(values: LabelValues = []): Distribution {
    const labels = printLabels(this.#labelNames, values);
    const known = this.#cells.get(labels);
    if (known !== undefined) return known;
    const cell = new Distribution(this.#bounds);
    this.#cells.set(labels, cell);
    return cell;
  }

  *samples(): Iterable<Sample> {
    for (const [labels, cell] of this.#cells) yield* cell.samples(labels);
  }
}
