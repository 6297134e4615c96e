import { asTreeSize } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import type { DedupeIndex } from '@tilewright/log/ports';
import { emptyMemoryState, type MemoryState, openMemoryStore } from '@tilewright/store-memory';
import type { Chooser } from '../choice/chooser.ts';
import type { Schedule } from '../world/schedule.ts';

/** How often the dedupe index fails. */
const FAILS = 0.03;

/**
 * The dedupe index of one machine: a file that is as durable as its database cares to make it. It outlives a process;
 * a power loss may take its newest part; and any call may fail.
 */
export class UnreliableDedupe {
  readonly #state: MemoryState = emptyMemoryState();
  /** Whether calls may fail. */
  fails: boolean;
  readonly #chooser: Chooser;

  constructor(chooser: Chooser, fails: boolean) {
    this.#chooser = chooser;
    this.fails = fails;
  }

  /** The index as the process `owner` has it open; `failed` is told of each failure. */
  open(schedule: Schedule, owner: object, failed: () => void): DedupeIndex {
    const { dedupe } = openMemoryStore({ state: this.#state });
    const call = async <T>(work: () => Promise<T>): Promise<T> => {
      await schedule.step(owner);
      if (this.fails && this.#chooser.pick('fault', 2, 1 - FAILS) === 1) {
        failed();
        throw new LogError('storage-failed', 'the dedupe index cannot be used');
      }
      return work();
    };
    return {
      covered: () => dedupe.covered(),
      find: (ids) => call(() => dedupe.find(ids)),
      add: (from, ids) => call(() => dedupe.add(from, ids)),
      reset: () => dedupe.reset(),
      close: () => dedupe.close(),
    };
  }

  /** Power was lost: everything, or what was indexed last is gone too. */
  losePower(): void {
    const { covered, dedupe } = this.#state;
    const lost = this.#chooser.pick('loss', covered + 1, 0.6);
    this.#state.covered = asTreeSize(covered - lost);
    for (const [id, index] of dedupe) if (index >= this.#state.covered) dedupe.delete(id);
  }
}
