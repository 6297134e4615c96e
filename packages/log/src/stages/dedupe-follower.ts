import { asHash, asTreeSize, type Hash } from '@tilewright/core/bytes';
import { HASH_SIZE } from '@tilewright/core/hash';
import type { EngineState } from '../engine/engine-state.ts';
import { hashKey } from '../intake/ticket.ts';
import type { DedupeIndex } from '../ports/index.ts';
import { readHashTile } from '../reading/read-objects.ts';
import { Wake } from './wake.ts';

/** Where about `count` leaves from `from` on end, at the end of a tile of `width` leaves and beyond `from`. */
function endOfTiles(from: number, count: number, width: number): number {
  return width * Math.max(Math.floor(from / width) + 1, Math.floor((from + count) / width));
}

/** A published entry, as the index and the map of known entries name it. */
export interface IndexedEntry {
  readonly key: string;
  readonly leafHash: Hash;
}

/** The entries that are recognised without the index. */
export interface KnownEntries {
  /** The index can find this one now. */
  indexed(key: string): void;
  /** The index can find everything below `size` now. */
  forgetBelow(size: number): void;
}

/**
 * Fills the persistent dedupe index behind publication. Its source is the tree itself: the index can be lost and
 * rebuilt from the hash tiles. An entry leaves the in-memory map only when the index can find it.
 */
export class DedupeFollower {
  readonly wake: Wake = new Wake();
  readonly #state: EngineState;
  readonly #index: DedupeIndex;
  readonly #known: KnownEntries;
  /** Fires when nothing more will be published: whatever is left may be left to the next start. */
  readonly #ending = new AbortController();
  readonly #rest: AbortSignal;
  #cursor = 0;
  /** Published entries, in order from `#cursor`, while they are still at hand. */
  #recent: IndexedEntry[] = [];
  /** Taken from `#recent` and not yet counted in `#cursor`. */
  #underWay = 0;

  constructor(state: EngineState, index: DedupeIndex, known: KnownEntries) {
    this.#state = state;
    this.#index = index;
    this.#known = known;
    this.#rest = AbortSignal.any([state.stop.signal, this.#ending.signal]);
  }

  /** Published entries that the index cannot find yet. Another replica may have filled it beyond what we published. */
  get lag(): number {
    return Math.max(0, this.#state.publication.tree.size - this.#cursor);
  }

  /** Whether the index can find entry `index`. */
  covers(index: number): boolean {
    return index < this.#cursor;
  }

  /** Remembers what was just published, if it continues what is remembered: saves reading the tile back. */
  offer(first: number, entries: readonly IndexedEntry[]): void {
    if (first === this.#cursor + this.#underWay + this.#recent.length)
      for (const entry of entries) this.#recent.push(entry);
    this.wake.wake();
  }

  /** Before intake opens: every published entry is findable, so that duplicates are recognised across restarts. */
  async catchUp(): Promise<void> {
    const { deps, stalls, stop } = this.#state;
    this.#cursor = await this.#index.covered();
    if (this.#cursor > this.#state.next) {
      deps.events.emit({
        type: 'repaired',
        path: 'dedupe',
        detail: 'the dedupe index was ahead of the log; it is rebuilt',
      });
      await this.#index.reset();
      this.#cursor = 0;
    }
    while (this.lag > 0) await stalls.untilRoom('dedupe', stop.signal, () => this.#step());
  }

  /** Nothing more will be published: ends `run` as soon as the index has everything, or cannot be written. */
  end(): void {
    this.#ending.abort();
    this.wake.wake();
  }

  /** Runs until it is ended, or until the log stops. */
  async run(): Promise<void> {
    const { deps, options, stop, stalls } = this.#state;
    let pause = options.retry.firstMs;
    while (!stop.signal.aborted) {
      if (this.lag === 0) {
        if (this.#ending.signal.aborted) return;
        await this.wake.wait();
        continue;
      }
      try {
        await this.#step();
        stalls.leave('dedupe');
        pause = options.retry.firstMs;
        if (this.lag < options.dedupe.batch) await deps.clock.sleep(options.dedupe.intervalMs, this.#rest);
      } catch (error) {
        // Not fatal: lookups of what it lacks are served from memory, and the lag closes intake if it lasts.
        const why = error instanceof Error ? error.message : 'unknown error';
        stalls.enter('dedupe', `the dedupe index cannot be written: ${why}`);
        if (this.#ending.signal.aborted) return;
        await deps.clock.sleep(pause, this.#rest);
        pause = Math.min(2 * pause, options.retry.lastMs);
      }
    }
  }

  async #step(): Promise<void> {
    const { publication, options, deps, shape } = this.#state;
    const { size } = publication.tree;
    const from = this.#cursor;
    const atHand = this.#recent.splice(0, options.dedupe.batch);
    const to =
      atHand.length > 0 ? from + atHand.length : Math.min(size, endOfTiles(from, options.dedupe.batch, shape.width));
    // Before anything is awaited: what is offered meanwhile must continue what is under way.
    this.#underWay = to - from;
    let moved: boolean;
    let entries: readonly IndexedEntry[] = atHand;
    try {
      if (atHand.length === 0) entries = await this.#readLeaves(from, to, size);
      const ids = entries.map(({ leafHash }) => leafHash);
      moved = await this.#index.add(asTreeSize(from), ids);
    } catch (error) {
      this.#forgetRecent();
      throw error;
    }
    if (!moved) {
      // Another replica's write came first, or one of ours that was reported as failed.
      try {
        this.#cursor = await this.#index.covered();
      } finally {
        // Not before: what is offered until the new cursor is known continues the old one.
        this.#forgetRecent();
      }
      this.#known.forgetBelow(this.#cursor);
      return;
    }
    this.#cursor = to;
    this.#underWay = 0;
    for (const { key } of entries) this.#known.indexed(key);
    deps.events.emit({ type: 'dedupe-covered', covered: to, lag: this.lag });
  }

  /** What is at hand no longer continues the cursor: the tiles will be read instead. */
  #forgetRecent(): void {
    this.#recent = [];
    this.#underWay = 0;
  }

  /** The leaves [from, to) of a tree of `size`; `to` is the end of a tile, or of the tree. */
  async #readLeaves(from: number, to: number, size: number): Promise<IndexedEntry[]> {
    const { deps, shape } = this.#state;
    const entries: IndexedEntry[] = [];
    for (let index = Math.floor(from / shape.width); index * shape.width < to; index++) {
      const first = index * shape.width;
      const tile = { level: 0, index, width: Math.min(shape.width, to - first) };
      const bytes = await readHashTile(deps.objects, tile, size, { shape });
      for (let leaf = Math.max(first, from); leaf < first + tile.width; leaf++) {
        const at = (leaf - first) * HASH_SIZE;
        const leafHash = asHash(bytes.slice(at, at + HASH_SIZE));
        entries.push({ key: hashKey(leafHash), leafHash });
      }
    }
    return entries;
  }
}
