import { equalBytes } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import type { ObjectStore } from '@tilewright/log/ports';
import type { MemoryState } from './memory-state.ts';

/** Immutable objects in a map. */
export function memoryObjects(state: MemoryState): ObjectStore {
  return {
    async create(path, bytes) {
      const old = state.objects.get(path);
      if (old === undefined) {
        state.objects.set(path, bytes.slice());
        return 'created';
      }
      if (equalBytes(old, bytes)) return 'identical';
      throw new LogError('object-conflict', `${path} already holds other bytes`, { path });
    },
    async sync() {},
    async read(path) {
      return state.objects.get(path)?.slice();
    },
    async dropPartials(of) {
      if (!state.objects.has(of))
        throw new LogError('not-found', `${of} is not there: its partials stay`, { path: of });
      for (const path of state.objects.keys()) if (path.startsWith(`${of}.p/`)) state.objects.delete(path);
    },
    async isEmpty() {
      return state.objects.size === 0 && state.checkpoint === undefined;
    },
  };
}
