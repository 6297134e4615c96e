import type { Clock } from '@tilewright/log/ports';
import { emptyMemoryState, type MemoryState, openMemoryStore } from '@tilewright/store-memory';
import { WrittenChooser } from '../../../choice/written-chooser.ts';
import { Schedule } from '../../../world/schedule.ts';
import type { Scenario, SharedStore } from './shared-store.ts';

const BOUNDS = { steps: 40_000, ms: 1_000_000 };
const START_MS = 1_700_000_000_000;

/** What `state` holds beside objects and checkpoint, as it is now. */
function databaseOf({
  tree,
  signed,
  raisedAtMs,
  next,
  collected,
  frozenAtMs,
  batches,
  tokens,
  dedupe,
  covered,
}: MemoryState) {
  return {
    plain: { tree, signed, raisedAtMs, next, collected, frozenAtMs, batches: [...batches], covered },
    tokens: new Map(tokens),
    dedupe: new Map(dedupe),
  };
}

function restore(state: MemoryState, { plain, tokens, dedupe }: ReturnType<typeof databaseOf>): void {
  Object.assign(state, { ...plain, batches: [...plain.batches] });
  state.tokens.clear();
  for (const [token, index] of tokens) state.tokens.set(token, index);
  state.dedupe.clear();
  for (const [id, index] of dedupe) state.dedupe.set(id, index);
}

function sharedMemory(clock: Clock, minIntervalMs: number): SharedStore {
  const state = emptyMemoryState();
  return {
    clock,
    open: async () => openMemoryStore({ state, clock, minIntervalMs }),
    backUp: async () => {
      const copy = databaseOf(state);
      return async () => restore(state, copy);
    },
    emptyBucket: async (keep) => {
      state.objects.clear();
      if (keep !== 'checkpoint') state.checkpoint = undefined;
    },
  };
}

/**
 * Plays `scenario` in memory, where everything happens in order and time passes only when nothing else can happen:
 * each run is the same. `minIntervalMs` is the shortest pause between two checkpoints.
 */
export function playInMemory(scenario: Scenario, minIntervalMs: number): Promise<void> {
  const schedule = new Schedule(new WrittenChooser([]), BOUNDS);
  const owner = {};
  const clock: Clock = {
    monotonicMs: () => schedule.nowMs,
    wallMs: () => START_MS + schedule.nowMs,
    sleep: (ms, signal) => schedule.sleep(owner, ms, signal),
    turn: () => schedule.step(owner),
  };
  return schedule.until(scenario(() => sharedMemory(clock, minIntervalMs)));
}
