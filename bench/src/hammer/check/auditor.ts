import { equalBytes, type Hash } from '@tilewright/core/bytes';
import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import { CompactRange, completeSubtrees } from '@tilewright/core/merkle';
import { ahead, fetchEntries, type ReadObject, TreeReader } from '@tilewright/core/reader';
import { ENTRY_BUNDLES, neededTiles, subtreeHashFromTiles, TILE_WIDTH, widthAt } from '@tilewright/core/tiles';
import type { CheckCounts } from './check-counts.ts';
import type { CheckpointBook } from './checkpoint-book.ts';
import { blameObject, blameRoot } from './diagnose.ts';
import type { Judge } from './judge.ts';
import { LeafWindow } from './leaf-window.ts';
import type { Promises } from './promises.ts';
import { Suspects } from './suspects.ts';

/** What an audit works with. */
export interface AuditorOptions {
  readonly read: ReadObject;
  readonly book: CheckpointBook;
  readonly promises: Promises;
  readonly judge: Judge;
  readonly counts: CheckCounts;
}

const PARALLEL = 4;

/**
 * Reads every entry that was added since the run began, once, and compares: the root at the size of every checkpoint seen,
 * which makes each a continuation of the one before; and the entry at every index that was answered.
 */
export class Auditor {
  readonly #options: AuditorOptions;
  readonly #window: LeafWindow;
  readonly #suspects: Suspects;
  #audited: OpenedCheckpoint;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: AuditorOptions, start: CompactRange) {
    this.#options = options;
    this.#window = new LeafWindow(start);
    this.#suspects = new Suspects(options.judge);
    this.#audited = options.book.largest;
  }

  /**
   * Begins at the largest checkpoint known. A log whose tiles do not lead to it is reported, and gives undefined.
   * @throws what `read` throws
   */
  static async start(options: AuditorOptions): Promise<Auditor | undefined> {
    const first = options.book.largest;
    try {
      return new Auditor(options, await rangeOf(new TreeReader(options.read, first, ENTRY_BUNDLES)));
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      await blameObject(options, error, first);
      return undefined;
    }
  }

  /** The checkpoint up to which everything was compared. */
  get audited(): OpenedCheckpoint {
    return this.#audited;
  }

  /** The leaf at an index, where it was read. */
  leafAt(index: number): Hash | undefined {
    return this.#window.leafAt(index);
  }

  /**
   * Compares everything up to a checkpoint. One audit at a time: others wait.
   * @param isLast whether nothing will be read after it
   * @throws what `read` throws
   */
  audit(checkpoint: OpenedCheckpoint, isLast: boolean): Promise<void> {
    const turn = this.#turn.then(() => this.#audit(checkpoint, isLast));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /**
   * Says what is behind an object that did not fit to a checkpoint: the checkpoint itself, or the object.
   * @throws what `read` throws
   */
  async blame(error: CoreError, checkpoint: OpenedCheckpoint): Promise<void> {
    const { judge } = this.#options;
    await this.audit(checkpoint, false);
    if (!judge.broken.aborted) await blameObject(this.#options, error, checkpoint);
  }

  async #audit(checkpoint: OpenedCheckpoint, isLast: boolean): Promise<void> {
    const { judge } = this.#options;
    if (judge.broken.aborted) return;
    const earlier = this.#audited;
    const from = this.#window.size;
    try {
      await this.#readUpTo(checkpoint.size);
      if (checkpoint.size >= from && !this.#isOfLog(checkpoint)) {
        await blameRoot({ ...this.#options, window: this.#window, earlier, checkpoint, from });
        return;
      }
      this.#compareRoots(checkpoint);
      await this.#comparePromised(checkpoint);
      this.#suspects.judge(this.#window, checkpoint, isLast);
      if (checkpoint.size > earlier.size) await this.#prove(earlier, checkpoint);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      await blameObject(this.#options, error, checkpoint);
    }
    if (checkpoint.size > earlier.size) this.#audited = checkpoint;
  }

  async #readUpTo(size: number): Promise<void> {
    const first = Math.floor(this.#window.size / TILE_WIDTH);
    const count = size <= this.#window.size ? 0 : Math.ceil(size / TILE_WIDTH) - first;
    const bundles = ahead(count, PARALLEL, async (i) => {
      const bundle = { index: first + i, width: widthAt(0, first + i, size) };
      const { items } = await fetchEntries(this.#options.read, ENTRY_BUNDLES, bundle);
      return items.map((entry) => ENTRY_BUNDLES.leafHash(entry));
    });
    let start = first * TILE_WIDTH;
    for await (const leaves of bundles) {
      this.#window.append(leaves.slice(this.#window.size - start));
      start += leaves.length;
    }
  }

  /** Every checkpoint that was seen is a tree of these entries. */
  #compareRoots(now: OpenedCheckpoint): void {
    const { book, counts, judge } = this.#options;
    for (const seen of book.take(this.#window.size)) {
      // Outside the window are only trees from before the run, or from a million entries ago.
      if (this.#window.rootAt(seen.size) === undefined) continue;
      counts.roots++;
      if (this.#isOfLog(seen)) continue;
      const [small, large] = seen.size < now.size ? [seen, now] : [now, seen];
      const message = `the tree of ${large.size} entries is not a continuation of the one of ${small.size}: the log forked`;
      judge.report('checkpoint-inconsistent', message, {
        'checkpoint-earlier': small.note,
        'checkpoint-later': large.note,
      });
    }
  }

  #isOfLog({ size, root }: OpenedCheckpoint): boolean {
    const actual = this.#window.rootAt(size);
    return actual === undefined || equalBytes(actual, root);
  }

  /** Compares what was promised below the size that was read. What could not be compared waits on. */
  async #comparePromised(now: OpenedCheckpoint): Promise<void> {
    const { counts, promises } = this.#options;
    const ready = promises.take(this.#window.size);
    for (const [i, promised] of ready.entries()) {
      try {
        const actual = this.#window.leafAt(promised.index) ?? (await this.#provenLeaf(promised.index, now));
        counts.indexes++;
        if (!equalBytes(actual, promised.leafHash)) this.#suspects.add(promised);
      } catch (error) {
        promises.giveBack(ready.slice(i));
        throw error;
      }
    }
  }

  /** A leaf from before the window. */
  async #provenLeaf(index: number, now: OpenedCheckpoint): Promise<Hash> {
    const tree = now.size > this.#audited.size ? now : this.#audited;
    const { leafHash } = await new TreeReader(this.#options.read, tree, ENTRY_BUNDLES).proveInclusion(index);
    return leafHash;
  }

  /** What a client would ask for, from hash tiles alone: that the log goes on, and the proof of a new entry. */
  async #prove(earlier: OpenedCheckpoint, now: OpenedCheckpoint): Promise<void> {
    const { counts, read } = this.#options;
    const reader = new TreeReader(read, now, ENTRY_BUNDLES);
    await reader.proveConsistency(earlier);
    counts.consistencyProofs++;
    await reader.proveInclusion(earlier.size + Math.floor(Math.random() * (now.size - earlier.size)));
    counts.inclusionProofs++;
  }
}

/** What must be kept of a tree to go on with it, from its hash tiles. */
async function rangeOf(reader: TreeReader<Uint8Array>): Promise<CompactRange> {
  const { size } = reader.tree;
  const ranges = completeSubtrees(0, size);
  const tiles = new Map<string, readonly Hash[]>();
  for (const { level, index } of neededTiles(ranges, size)) {
    tiles.set(`${level}/${index}`, await reader.tile(level, index));
  }
  const tileAt = (level: number, index: number): readonly Hash[] => tiles.get(`${level}/${index}`) ?? [];
  return CompactRange.from(
    size,
    ranges.map(({ start, end }) => subtreeHashFromTiles(start, end, size, tileAt)),
  );
}
