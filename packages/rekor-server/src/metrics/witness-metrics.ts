import { Counter } from './prometheus/counter.ts';
import { Gauge } from './prometheus/gauge.ts';
import { Histogram } from './prometheus/histogram.ts';
import type { ServerMetrics } from './server-metrics.ts';

/** How asking one witness for its cosignature ended. */
export interface AskedWitness {
  /** What the policy calls it. */
  readonly witness: string;
  readonly outcome: 'cosigned' | 'failed' | 'skipped';
  /** Entries of the checkpoint. */
  readonly size: number;
  readonly ms: number;
}

/** Registers `tilewright_witness_*` for the witnesses of a policy, and returns what counts each asking. It never throws. */
export function witnessMetrics(
  { registry }: ServerMetrics,
  witnesses: readonly string[],
): (asked: AskedWitness) => void {
  const requests = registry.register(
    new Counter('tilewright_witness_requests_total', 'Checkpoints for which a witness was asked, by outcome.', [
      'witness',
      'outcome',
    ]),
  );
  const size = registry.register(
    new Gauge('tilewright_witness_cosigned_size', 'Entries of the latest checkpoint that the witness cosigned.', [
      'witness',
    ]),
  );
  const seconds = registry.register(
    new Histogram('tilewright_witness_seconds', 'Seconds until a witness had cosigned.', ['witness']),
  );
  for (const witness of witnesses) {
    for (const outcome of ['cosigned', 'failed', 'skipped']) requests.cell([witness, outcome]);
    size.set(0, [witness]);
  }
  return ({ witness, outcome, size: entries, ms }) => {
    requests.increment(witness, outcome);
    if (outcome !== 'cosigned') return;
    size.set(entries, [witness]);
    seconds.cell([witness]).observe(ms / 1000);
  };
}
