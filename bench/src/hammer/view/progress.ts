import type { RunParts } from '../run-parts.ts';

/** The lines that say how far a run is. */
export class Progress {
  #lastSeconds = 0;
  #lastAccepted = 0;
  #lastReads = 0;

  /** Rates are since the last call. */
  lines({ follower, auditor, judge, promises, reads, writes, counts, clock }: RunParts, seconds: number): string[] {
    const elapsed = Math.max(0.001, seconds - this.#lastSeconds);
    const rate = (now: number, last: number): string => Math.round((now - last) / elapsed).toString();
    const writeRate = rate(writes.accepted, this.#lastAccepted);
    const readRate = rate(reads.count, this.#lastReads);
    [this.#lastSeconds, this.#lastAccepted, this.#lastReads] = [seconds, writes.accepted, reads.count];
    const write = writes.latency.summary();
    const integrate = clock.latency.summary();
    return [
      `${seconds.toFixed(1)} s: ${writes.accepted} written, ${writeRate}/s, p50 ${ms(write?.p50)}, p99 ${ms(write?.p99)}`,
      `log ${follower.published.size}, compared up to ${auditor?.audited.size ?? 0}, ${promises.count} answers wait; ` +
        `integrated p50 ${ms(integrate?.p50)}, p99 ${ms(integrate?.p99)}`,
      `reads ${reads.count}, ${readRate}/s; pushbacks ${writes.pushbacks + reads.pushbacks}, errors ` +
        `${writes.errors.total + reads.errors.total}`,
      `checked ${counts.indexes} indexes, ${counts.signatures} signatures, ${counts.roots} roots, ` +
        `${counts.inclusionProofs + counts.answerProofs} inclusion and ${counts.consistencyProofs} consistency proofs; ` +
        `violations ${judge.violations.length}`,
    ];
  }
}

function ms(value: number | undefined): string {
  return value === undefined ? '–' : `${value} ms`;
}
