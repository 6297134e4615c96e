import { inspectPosixDirectory, openPosixReader, openPosixStore } from '@tilewright/store-posix';
import type { PosixPlace } from '../../config/storage-place.ts';
import { nodeClock, nodeEntropy } from '../node-world.ts';
import type { Backend } from './backend.ts';

/** A directory of this machine. */
export function posixBackend({ dir }: PosixPlace): Backend {
  return {
    label: dir,
    open: ({ identity: { origin, logId, entries }, mode, dedupe, events }) =>
      openPosixStore({
        dir,
        identity: { origin, logId, entries: entries === 'raw' ? 'raw' : undefined },
        mode,
        dedupe,
        clock: nodeClock,
        entropy: nodeEntropy,
        events,
      }),
    reader: async () => ({ ...openPosixReader(dir), close: async () => undefined }),
    find: async () => {
      const { kind, state } = await inspectPosixDirectory(dir);
      if (state !== undefined) return { entries: state.identity.entries === 'raw' ? 'raw' : 'rekor' };
      if (kind !== 'foreign') return { none: `there is no log in ${dir}` };
      return { none: `there is the log of another program in ${dir}: adopt it first (tilewright log adopt)` };
    },
    entriesOfReader: async () => {
      const { state } = await inspectPosixDirectory(dir);
      return state && (state.identity.entries ?? 'rekor');
    },
  };
}
