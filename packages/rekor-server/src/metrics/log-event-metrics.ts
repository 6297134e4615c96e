import { threadCpuUsage } from 'node:process';
import type { LogEvent, LogEvents } from '@tilewright/log/ports';
import { Counter, PolledCounter } from './prometheus/counter.ts';
import { Gauge } from './prometheus/gauge.ts';
import { Histogram } from './prometheus/histogram.ts';
import type { ServerMetrics } from './server-metrics.ts';

/** Seconds: one disk sync to a hopeless stall. */
const STAGE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

function engineSeconds(): number {
  const { user, system } = threadCpuUsage();
  return (user + system) / 1e6;
}

/**
 * Turns engine events into `tilewright_log_*` metrics. Use it alone or in front of another port, `next`.
 * Never throws, as `LogEvents` demands.
 */
export function logEventMetrics(metrics: ServerMetrics, next?: LogEvents): LogEvents {
  const { registry } = metrics;
  const gauge = (name: string, help: string): Gauge => registry.register(new Gauge(name, help));
  const counter = (name: string, help: string, labels: readonly string[] = []): Counter =>
    registry.register(new Counter(name, help, labels));
  const size = gauge('tilewright_log_published_size', 'Entries that the published checkpoint covers.');
  const integratedSize = gauge('tilewright_log_integrated_size', 'Entries that the tiles hold.');
  const nextIndex = gauge('tilewright_log_next_index', 'The next index to be given out.');
  const dedupeLag = gauge('tilewright_log_dedupe_lag', 'Published entries that the persistent dedupe index lacks.');
  const entries = counter('tilewright_log_sequenced_entries_total', 'Entries made durable.').cell();
  const bytes = counter('tilewright_log_sequenced_bytes_total', 'Bytes of entries made durable.').cell();
  const publications = counter('tilewright_log_publications_total', 'Checkpoints published.').cell();
  const ahead = counter(
    'tilewright_log_signed_ahead_total',
    'Trees signed and answered with before publication.',
  ).cell();
  const duplicates = counter('tilewright_log_duplicates_total', 'Submissions of an entry that the log held.').cell();
  const refused = counter('tilewright_log_refused_total', 'Entries pushed back, by the limit that was hit.', [
    'reason',
  ]);
  const rounds = counter('tilewright_log_cosigned_total', 'Rounds of witnesses, by whether enough of them cosigned.', [
    'enough',
  ]);
  const repaired = counter('tilewright_log_repaired_total', 'Damage found and made good.').cell();
  const retried = counter(
    'tilewright_log_retried_calls_total',
    'Calls of the database or the bucket that failed for a passing reason and were made again.',
  ).cell();
  const mismatches = counter(
    'tilewright_log_dedupe_mismatches_total',
    'Dedupe answers that the log contradicted.',
  ).cell();
  const stalled = registry.register(new Gauge('tilewright_log_stalled', '1 while a stage is held up.', ['stage']));
  const failed = gauge('tilewright_log_failed', '1 after a failure that ends writing.');
  const seconds = registry.register(
    new Histogram('tilewright_log_stage_seconds', 'Seconds that one step of a stage took.', ['stage'], STAGE_BUCKETS),
  );
  const sequence = seconds.cell(['sequence']);
  const integrate = seconds.cell(['integrate']);
  const publish = seconds.cell(['publish']);
  registry.register(
    new PolledCounter(
      'tilewright_log_thread_cpu_seconds_total',
      'Processor time of the thread that keeps the log. Where it grows by nearly a second a second, that thread is the limit.',
      engineSeconds,
    ),
  );
  failed.set(0);

  function count(event: LogEvent): void {
    switch (event.type) {
      case 'opened':
        size.set(event.size);
        integratedSize.set(event.size);
        nextIndex.set(event.next);
        return;
      case 'sequenced':
        entries.value += event.count;
        bytes.value += event.bytes;
        nextIndex.set(event.first + event.count);
        sequence.observe(event.ms / 1000);
        return;
      case 'integrated':
        integratedSize.set(event.to);
        integrate.observe(event.ms / 1000);
        return;
      case 'published':
        size.set(event.size);
        publications.value += 1;
        publish.observe(event.ms / 1000);
        return;
      case 'cosigned':
        rounds.increment(String(event.enough));
        return;
      case 'duplicate':
        duplicates.value += 1;
        return;
      case 'refused':
        refused.increment(event.reason);
        return;
      case 'dedupe-covered':
        dedupeLag.set(event.lag);
        return;
      case 'dedupe-mismatch':
        mismatches.value += 1;
        return;
      case 'proof-failed':
        metrics.proofFailures.value += 1;
        return;
      case 'repaired':
        repaired.value += 1;
        return;
      case 'retried':
        retried.value += 1;
        return;
      case 'stalled':
      case 'resumed':
        stalled.set(event.type === 'stalled' ? 1 : 0, [event.stage]);
        return;
      case 'failed':
        failed.set(1);
        return;
      case 'signed':
        ahead.value += 1;
        return;
      case 'collected':
      case 'closed':
        return;
    }
  }

  return {
    emit(event) {
      count(event);
      next?.emit(event);
    },
  };
}
