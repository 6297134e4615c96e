import { DEFAULT_LOG_OPTIONS, type LogOptions } from '@tilewright/log';
import type { ServeSettings } from '../config/settings.ts';

/** The engine's options as the flags say. `--batch-max-age` has nothing to bound: a flush never waits on a disk of one's own. */
export function engineOptions({
  values,
  keepsDuplicates,
}: Pick<ServeSettings, 'values' | 'keepsDuplicates'>): LogOptions {
  const { batch, outstanding, dedupe } = DEFAULT_LOG_OPTIONS;
  return {
    ...DEFAULT_LOG_OPTIONS,
    duplicates: keepsDuplicates ? 'keep' : 'join',
    batch: { ...batch, maxEntries: values['batch-max-size'] },
    publishIntervalMs: values['checkpoint-interval'],
    outstanding: { ...outstanding, maxEntries: values['pushback-max-outstanding'] },
    dedupe: {
      ...dedupe,
      batch: values['antispam-max-batch-size'] || dedupe.batch,
      maxLag: values['antispam-pushback-threshold'] || dedupe.maxLag,
    },
  };
}
