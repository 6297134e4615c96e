import { realClock } from '@tilewright/log/testing';
import { generateEd25519KeyPem, type LogKey, loadSignerFile } from '@tilewright/signer';
import { emptyMemoryState, type MemoryState, openMemoryStore } from '@tilewright/store-memory';
import type { Destination } from '../migrate/destination.ts';
import { type Migrated, migrateLog } from '../migrate/migrate-log.ts';
import type { Migration } from '../migrate/migration.ts';
import type { BuiltLog } from './built-log.ts';

/** A store in memory as a destination. */
export interface MemoryDestination extends Destination {
  readonly state: MemoryState;
  /** Whether the mark is set. */
  readonly isMarked: () => boolean;
}

/** A new log's store, or what `state` holds. */
export function memoryDestination(state: MemoryState = emptyMemoryState()): MemoryDestination {
  let marked = false;
  const { objects, checkpoints, sequence } = openMemoryStore({ state });
  return {
    label: 'memory',
    state,
    objects,
    checkpoints,
    sequence,
    isMarked: () => marked,
    mark: {
      set: async () => {
        marked = true;
      },
      clear: async () => {
        marked = false;
      },
    },
    close: async () => {},
  };
}

/** A fresh key of the log `log.test`. */
export function freshKey(origin = 'log.test'): LogKey {
  return loadSignerFile(generateEd25519KeyPem(), origin);
}

/** Migrates with what a test leaves out filled in. */
export function migrate(
  key: LogKey,
  { source }: Pick<BuiltLog, 'source'>,
  destination: Destination,
  more: Partial<Migration> = {},
): Promise<Migrated> {
  const clock = realClock();
  const { signal } = new AbortController();
  return migrateLog({ source, key, destination, clock, signal, parallel: 4, ...more });
}
