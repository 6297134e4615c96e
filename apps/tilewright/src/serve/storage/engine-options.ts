import { DEFAULT_LOG_OPTIONS, type LogOptions } from '@tilewright/log';
import type { ServeSettings } from '../config/settings.ts';

/** Calls go over a network: two batches are on their way at a time, and what can wait is done in larger pieces. */
const REMOTE = { appendsInFlight: 2, collectIntervalMs: 30_000 } as const;
const REMOTE_DEDUPE = { batch: 2048, intervalMs: 1000 } as const;

/**
 * The engine's options as the flags say. `--batch-max-age` has nothing to bound on a disk of one's own, where a flush never
 * waits; in a database entries wait so long for others, unless answers come ahead of publication.
 */
export function engineOptions({
  values,
  place,
  keepsDuplicates,
}: Pick<ServeSettings, 'values' | 'place' | 'keepsDuplicates'>): LogOptions {
  const { batch, outstanding } = DEFAULT_LOG_OPTIONS;
  const isRemote = place.kind === 'gcp';
  const dedupe = { ...DEFAULT_LOG_OPTIONS.dedupe, ...(isRemote ? REMOTE_DEDUPE : {}) };
  const lingerMs = isRemote && values['answer-at'] !== 'signed' ? values['batch-max-age'] : 0;
  return {
    ...DEFAULT_LOG_OPTIONS,
    ...(isRemote ? REMOTE : {}),
    duplicates: keepsDuplicates ? 'keep' : 'join',
    batch: { ...batch, maxEntries: values['batch-max-size'], lingerMs },
    publishIntervalMs: values['checkpoint-interval'],
    answerAt: values['answer-at'] === 'signed' ? 'signed' : 'published',
    answerIntervalMs: values['answer-interval'],
    outstanding: { ...outstanding, maxEntries: values['pushback-max-outstanding'] },
    dedupe: {
      ...dedupe,
      batch: values['antispam-max-batch-size'] || dedupe.batch,
      maxLag: values['antispam-pushback-threshold'] || dedupe.maxLag,
    },
  };
}
