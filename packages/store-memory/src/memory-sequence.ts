import { asLeafIndex, asTreeSize, encodeHex, equalBytes } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import type { Batch, Clock, CommittedTree, SequenceStore } from '@tilewright/log/ports';
import type { MemoryState } from './memory-state.ts';

function notifyOthers(state: MemoryState): void {
  for (const wake of state.watchers) wake();
}

/** As many whole batches from the tree's size on as the caps allow, at least one. */
function pendingBatches(state: MemoryState, max: { readonly entries: number; readonly bytes: number }): Batch[] {
  const taken: Batch[] = [];
  let entries = 0;
  let bytes = 0;
  for (const batch of state.batches) {
    const rest = batch.entries.slice(Math.max(0, state.tree.size - batch.first));
    if (rest.length === 0) continue;
    entries += rest.length;
    bytes += rest.reduce((sum, entry) => sum + entry.length, 0);
    if (taken.length > 0 && (entries > max.entries || bytes > max.bytes)) break;
    taken.push({ first: asLeafIndex(Math.max(batch.first, state.tree.size)), entries: rest });
  }
  return taken;
}

async function* hints(state: MemoryState, signal: AbortSignal): AsyncGenerator<void> {
  while (!signal.aborted) {
    let wake = (): void => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    state.watchers.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    await woken;
    state.watchers.delete(wake);
    signal.removeEventListener('abort', wake);
    if (!signal.aborted) yield;
  }
}

/** Order and fences in one object: every method is one atomic step. */
export function memorySequence(state: MemoryState, clock: Pick<Clock, 'monotonicMs'> | undefined): SequenceStore {
  return {
    async head() {
      const { tree, next, signed, collected, frozenAtMs, raisedAtMs } = state;
      const raisedAgoMs =
        clock === undefined || raisedAtMs === undefined ? undefined : clock.monotonicMs() - raisedAtMs;
      return { tree, next, signed, raisedAgoMs, collected, frozenAtMs };
    },
    async append(entries, token, signal) {
      const key = encodeHex(token);
      const before = state.tokens.get(key);
      if (before !== undefined) return before;
      if (state.frozenAtMs !== undefined) throw new LogError('frozen', 'the log is frozen');
      if (signal.aborted) throw new LogError('aborted', 'the append was called off before it began');
      const first = asLeafIndex(state.next);
      state.batches.push({ first, entries: entries.map((entry) => entry.slice()) });
      state.next = asTreeSize(state.next + entries.length);
      state.tokens.set(key, first);
      notifyOthers(state);
      return first;
    },
    async pending(max) {
      return { tree: state.tree, batches: pendingBatches(state, max) };
    },
    async advance(from, to) {
      if (from.size !== state.tree.size || !equalBytes(from.root, state.tree.root)) return 'lost';
      if (to.size < from.size || to.size > state.next)
        throw new LogError('fork', `cannot go from size ${from.size} to ${to.size}`);
      state.tree = { size: to.size, root: to.root } as CommittedTree;
      notifyOthers(state);
      return state.tree;
    },
    async raiseSigned(to, minAgeMs, ahead = false) {
      const { signed } = state;
      if (to.size < signed.size || (to.size === signed.size && !equalBytes(to.root, signed.root))) {
        throw new LogError('fork', `size ${to.size} must not be signed: ${signed.size} was`);
      }
      const now = clock?.monotonicMs() ?? 0;
      const waitMs = clock === undefined || state.raisedAtMs === undefined ? 0 : state.raisedAtMs + minAgeMs - now;
      if (waitMs > 0 && !ahead) return { waitMs };
      state.signed = { size: to.size, root: to.root };
      if (waitMs > 0) return { waitMs };
      state.raisedAtMs = now;
      return 'raised';
    },
    async release(below) {
      state.batches = state.batches.filter((batch) => batch.first + batch.entries.length > below);
    },
    async collect(from, to) {
      if (state.collected !== from) return false;
      state.collected = to;
      return true;
    },
    async freeze(atMs) {
      state.frozenAtMs ??= atMs;
      notifyOthers(state);
      return asLeafIndex(state.next);
    },
    changes: (signal) => hints(state, signal),
    async room() {
      return true;
    },
    async close() {},
  };
}
