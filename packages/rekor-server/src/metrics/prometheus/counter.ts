import { type LabelValues, type Metric, printLabels, type Sample } from './metric.ts';

/** One labelled count. Callers keep the cell and add to `value`: a hot path pays one addition. */
export interface Cell {
  value: number;
}

/** A family of counters: values only grow. */
export class Counter implements Metric {
  readonly type = 'counter';
  readonly name: string;
  readonly help: string;
  readonly #labelNames: readonly string[];
  readonly #cells = new Map<string, Cell>();

  constructor(name: string, help: string, labelNames: readonly string[] = []) {
    this.name = name;
    this.help = help;
    this.#labelNames = labelNames;
    if (labelNames.length === 0) this.cell([]);
  }

  /** The cell of these label values; made at 0 when it is asked for the first time. */
  cell(values: LabelValues = []): Cell {
    const labels = printLabels(this.#labelNames, values);
    const known = this.#cells.get(labels);
    if (known !== undefined) return known;
    const cell = { value: 0 };
    this.#cells.set(labels, cell);
    return cell;
  }

  /** Adds one. */
  increment(...values: string[]): void {
    this.cell(values).value += 1;
  }

  *samples(): Iterable<Sample> {
    for (const [labels, { value }] of this.#cells) yield { suffix: '', labels, value };
  }
}

/** A count without labels that something else keeps: a scrape asks for it. */
export class PolledCounter implements Metric {
  readonly type = 'counter';
  readonly name: string;
  readonly help: string;
  readonly #ask: () => number;

  constructor(name: string, help: string, ask: () => number) {
    this.name = name;
    this.help = help;
    this.#ask = ask;
  }

  *samples(): Iterable<Sample> {
    yield { suffix: '', labels: '', value: this.#ask() };
  }
}
