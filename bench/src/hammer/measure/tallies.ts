import { Latency } from './latency.ts';

/** Errors by kind: `http 500`, `ECONNRESET`, `timeout`. */
export class ErrorCounts {
  readonly #counts = new Map<string, number>();

  add(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  byKind(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** What became of the writes. */
export class WriteTally {
  accepted = 0;
  /** Of these, the ones of which the log said that it had them. */
  duplicates = 0;
  bytes = 0;
  pushbacks = 0;
  readonly errors: ErrorCounts = new ErrorCounts();
  /** From sending a write to its answer. */
  readonly latency: Latency = new Latency();
  /** From the time at which a write was due to its answer, where there is a rate. */
  readonly sinceDue: Latency = new Latency();
}

/** What became of the reads. */
export class ReadTally {
  count = 0;
  bytes = 0;
  pushbacks = 0;
  readonly errors: ErrorCounts = new ErrorCounts();
  readonly latency: Latency = new Latency();

  answered(ms: number, bytes: number): void {
    this.count++;
    this.bytes += bytes;
    this.latency.record(ms);
  }

  failed(kind: string): void {
    this.errors.add(kind);
  }
}
