import { equalBytes } from '@tilewright/core/bytes';
import { type Checkpoint, frozenLineOf, parseCheckpoint } from '@tilewright/core/checkpoint';
import { parseNote } from '@tilewright/core/note';
import { LogError } from '@tilewright/log';
import type { CheckpointStore, Version } from '@tilewright/log/ports';
import type { MemoryState } from './memory-state.ts';

const treeOf = (note: Uint8Array): Checkpoint => parseCheckpoint(parseNote(note).text);

function refuseFork(stored: Checkpoint, next: Checkpoint): void {
  if (frozenLineOf(stored) !== undefined && (next.size > stored.size || frozenLineOf(next) === undefined)) {
    throw new LogError('fork', `the stored checkpoint of ${stored.size} entries is the last one of a frozen log`, {
      path: 'checkpoint',
    });
  }
  if (next.size > stored.size || (next.size === stored.size && equalBytes(next.root, stored.root))) return;
  const how = next.size < stored.size ? 'goes backwards' : 'has another root';
  throw new LogError('fork', `the stored checkpoint has ${stored.size} entries; one of ${next.size} ${how}`, {
    path: 'checkpoint',
  });
}

/** One checkpoint, replaced by compare-and-set. */
export function memoryCheckpoints(state: MemoryState, minIntervalMs: number): CheckpointStore {
  return {
    minIntervalMs,
    async read() {
      const stored = state.checkpoint;
      return stored && { note: stored.note.slice(), version: stored.version };
    },
    async replace(note, expected) {
      const stored = state.checkpoint;
      if (stored !== undefined && equalBytes(stored.note, note)) return stored.version;
      if ((stored?.version ?? 'absent') !== expected) return 'lost';
      if (stored !== undefined) refuseFork(treeOf(stored.note), treeOf(note));
      state.replacements += 1;
      const version = String(state.replacements) as Version;
      state.checkpoint = { note: note.slice(), version };
      return version;
    },
  };
}
