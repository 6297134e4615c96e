import { DEFAULT_LOG_OPTIONS, type LogOptions } from '@tilewright/log';
import type { ServeSettings } from '../config/settings.ts';

/** Calls go over a network: two batches are on their way at a time, and what can wait is done in larger pieces. */
const REMOTE = { appendsInFlight: 2, collectIntervalMs: 30_000 } as const;
const REMOTE_DEDUPE = { batch: 2048, intervalMs: 1000 } as const;

/** The engine's options as the flags say. `--batch-max-age` has nothing to bound: a flush never waits on a disk of one's own. */
export function engineOptions({
  values,
  place,
  keepsDuplicates,
}: Pick<ServeSettings, 'values' | 'place' | 'keepsDuplicates'>): LogOptions {
  const { batch, outstanding, dedupe } = DEFAULT_LOG_OPTIONS;
  return {
    ...DEFAULT_LOG_OPTIONS,
    ...(place.kind === 'gcp' ? REMOTE : {}),
    duplicates: keepsDuplicates ? 'keep' : 'join',
    batch: { ...batch, maxEntries: values['batch-max-size'] },
    publishIntervalMs: values['checkpoint-interval'],
    answerAt: values['answer-at'] === 'signed' ? 'signed' : 'published',
    answerIntervalMs: values['answer-interval'],
    outstanding: { ...outstanding, maxEntries: values['pushback-max-outstanding'] },
    dedupe: {
      ...dedupe,
      ...(place.kind === 'gcp' ? REMOTE_DEDUPE : {}),
      batch: values['antispam-max-batch-size'] || dedupe.batch,
      maxLag: values['antispam-pushback-threshold'] || dedupe.maxLag,
    },
  };
}
