import { LogError } from '@tilewright/log';
import type { CheckpointStore, DedupeIndex, ObjectStore, SequenceStore } from '@tilewright/log/ports';
import type { MemoryStore } from '../../open-memory-store.ts';
import type { World } from './world.ts';

/** What may go wrong, as probabilities a call. */
export interface Faults {
  /** The answer of an append is lost, whether it was applied or not. */
  readonly unknown: number;
  /** Housekeeping and the dedupe index fail; of their writes the answer may be lost. */
  readonly housekeeping: number;
  /** A write fails for good, applied or not. */
  readonly fatal: number;
  /** The medium is full for a while. */
  readonly full: number;
  /** A hint of another replica's progress is lost. */
  readonly deaf: number;
}

/** One process's view of a shared store: slow, fallible, and gone when the process is killed. */
export class FaultyStore {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly sequence: SequenceStore;
  readonly dedupe: DedupeIndex;
  readonly #world: World;
  readonly #faults: Faults;
  #alive = true;
  #fullUntilMs = 0;

  constructor(store: MemoryStore, world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
    const { objects, checkpoints, sequence, dedupe } = store;
    this.objects = {
      create: (path, bytes) => this.#write(() => objects.create(path, bytes)),
      sync: () => this.#call(() => objects.sync()),
      read: (path) => this.#call(() => objects.read(path)),
      dropPartials: (of) => this.#housekeeping(() => objects.dropPartials(of)),
      isEmpty: () => this.#call(() => objects.isEmpty()),
    };
    this.checkpoints = {
      minIntervalMs: checkpoints.minIntervalMs,
      read: () => this.#call(() => checkpoints.read()),
      replace: (note, expected) => this.#write(() => checkpoints.replace(note, expected)),
    };
    this.sequence = {
      head: () => this.#call(() => sequence.head()),
      append: (entries, token, signal) =>
        this.#write(() => this.#uncertain(() => sequence.append(entries, token, signal))),
      pending: (max) => this.#call(() => sequence.pending(max)),
      advance: (from, to) => this.#write(() => sequence.advance(from, to)),
      raiseSigned: (to, minAgeMs, ahead) => this.#write(() => sequence.raiseSigned(to, minAgeMs, ahead)),
      release: (below) => this.#housekeeping(() => sequence.release(below)),
      collect: (from, to) => this.#housekeeping(() => sequence.collect(from, to)),
      freeze: (atMs) => this.#write(() => sequence.freeze(atMs)),
      changes: (signal) => this.#hints(sequence.changes(signal)),
      room: async () => {
        await this.#latency();
        return !this.#isFull;
      },
      close: () => this.#call(() => sequence.close()),
    };
    this.dedupe = {
      covered: () => this.#call(() => dedupe.covered()),
      find: (ids) => this.#housekeeping(() => dedupe.find(ids)),
      add: (from, ids) => this.#housekeeping(() => dedupe.add(from, ids)),
      reset: () => this.#call(() => dedupe.reset()),
      close: () => this.#call(() => dedupe.close()),
    };
  }

  /** The process is gone: what it has not applied it never will, and nothing that it waits for comes. */
  kill(): void {
    this.#alive = false;
  }

  get #isFull(): boolean {
    return this.#world.clock.monotonicMs() < this.#fullUntilMs;
  }

  async #latency(): Promise<void> {
    await this.#world.sleep(this.#world.chance(0.05) ? 30 * this.#world.unit() : 2 * this.#world.unit());
    if (!this.#alive) await new Promise<never>(() => {});
  }

  async #call<T>(apply: () => Promise<T>): Promise<T> {
    await this.#latency();
    const result = await apply();
    await this.#latency();
    return result;
  }

  async #write<T>(apply: () => Promise<T>): Promise<T> {
    await this.#latency();
    const { fatal, full } = this.#faults;
    if (this.#world.chance(full)) this.#fullUntilMs = this.#world.clock.monotonicMs() + 300 * this.#world.unit();
    if (this.#isFull) throw new LogError('storage-full', 'the disk is full');
    const doomed = this.#world.chance(fatal);
    if (doomed && this.#world.chance(0.5)) throw new LogError('storage-failed', 'EIO before');
    const result = await apply();
    await this.#latency();
    if (doomed) throw new LogError('storage-failed', 'EIO after');
    return result;
  }

  async #uncertain<T>(apply: () => Promise<T>): Promise<T> {
    const lost = this.#world.chance(this.#faults.unknown);
    if (lost && this.#world.chance(0.5)) throw new LogError('outcome-unknown', 'the request was lost');
    const result = await apply();
    if (lost) throw new LogError('outcome-unknown', 'the answer was lost');
    return result;
  }

  async #housekeeping<T>(apply: () => Promise<T>): Promise<T> {
    await this.#latency();
    const fails = this.#world.chance(this.#faults.housekeeping);
    if (fails && this.#world.chance(0.5)) throw new Error('failed before');
    const result = await apply();
    await this.#latency();
    if (fails) throw new Error('failed after');
    return result;
  }

  async *#hints(source: AsyncIterable<void>): AsyncIterable<void> {
    for await (const _ of source) {
      if (this.#world.chance(this.#faults.deaf)) continue;
      await this.#latency();
      yield;
    }
  }
}
