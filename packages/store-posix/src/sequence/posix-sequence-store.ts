import { asLeafIndex, asTreeSize, equalBytes, type LeafIndex, type TreeSize } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { LogError } from '@tilewright/log';
import type { Batch, Clock, CommittedTree, Head, SequenceStore, Token } from '@tilewright/log/ports';
import { LAYOUT } from '../directory/layout.ts';
import { isFullWrite } from '../fs/errno.ts';
import type { Register } from '../register/register.ts';
import type { SegmentLog } from '../segment/segment-log.ts';
import type { FailureLatch } from '../writer/failure-latch.ts';
import { Mutex } from '../writer/mutex.ts';
import type { Room } from '../writer/room.ts';
import type { WriterGuard } from '../writer/writer-guard.ts';
import { AppendTokens } from './append-tokens.ts';
import type { PendingEntries } from './pending-entries.ts';

/** What a sequence store is opened on: everything recovered, and durable as it stands here. */
export interface SequenceParts {
  readonly registers: { readonly tree: Register; readonly floor: Register; readonly collected: Register };
  readonly epoch: number;
  readonly tree: Tree;
  readonly signed: Tree;
  readonly collected: TreeSize;
  readonly next: TreeSize;
  readonly frozenAtMs: number | undefined;
  readonly pending: PendingEntries;
  readonly segments: SegmentLog;
  readonly latch: FailureLatch;
  readonly guard: WriterGuard;
  readonly room: Room;
  readonly clock: Clock;
  /** Makes the mark of a frozen log durable, unless there is one, and says what time it has. */
  readonly markFrozen: (atMs: number) => Promise<number>;
  /** Lets everything go that the store holds. */
  readonly letGo: () => Promise<void>;
}

const sameTree = (a: Tree, b: Tree): boolean => a.size === b.size && equalBytes(a.root, b.root);

/**
 * The order of entries in write-ahead segments, the tree and the floor in registers. One process writes; within it,
 * appends and freezing run one at a time, and so do changes of the state.
 */
export class PosixSequenceStore implements SequenceStore {
  readonly #parts: SequenceParts;
  readonly #appends = new Mutex();
  readonly #changes = new Mutex();
  readonly #tokens = new AppendTokens();
  #tree: CommittedTree;
  #signed: Tree;
  #raisedAtMs: number | undefined;
  #collected: TreeSize;
  #next: TreeSize;
  #frozenAtMs: number | undefined;
  #closed = false;

  constructor(parts: SequenceParts) {
    this.#parts = parts;
    this.#tree = { size: parts.tree.size, root: parts.tree.root } as CommittedTree;
    this.#signed = parts.signed;
    this.#collected = parts.collected;
    this.#next = parts.next;
    this.#frozenAtMs = parts.frozenAtMs;
  }

  async head(): Promise<Head> {
    return {
      tree: this.#tree,
      next: this.#next,
      signed: this.#signed,
      collected: this.#collected,
      frozenAtMs: this.#frozenAtMs,
    };
  }

  /** The entries are kept, not copied, until they are integrated: the caller MUST NOT change them. */
  append(entries: readonly Uint8Array[], token: Token, signal: AbortSignal): Promise<LeafIndex> {
    return this.#tokens.once(token, () => this.#appends.run(() => this.#append(entries, token, signal)));
  }

  async pending(max: { readonly entries: number; readonly bytes: number }): Promise<{
    readonly tree: CommittedTree;
    readonly batches: readonly Batch[];
  }> {
    return { tree: this.#tree, batches: this.#parts.pending.take(max) };
  }

  advance(from: CommittedTree, to: Tree): Promise<CommittedTree | 'lost'> {
    return this.#changes.run(async () => {
      this.#checkOpen();
      if (!sameTree(this.#tree, from)) return 'lost';
      if (to.size < from.size || to.size > this.#next || (to.size === from.size && !sameTree(from, to))) {
        throw new LogError(
          'fork',
          `a tree of ${to.size} entries cannot follow one of ${from.size}: ${this.#next} are sequenced`,
        );
      }
      await this.#parts.guard.check();
      const { registers, epoch, pending } = this.#parts;
      const tree = { size: to.size, root: to.root } as CommittedTree;
      await this.#store('store the tree', LAYOUT.treeRegister, () =>
        registers.tree.write({ tree, epoch }, 'tree-advanced'),
      );
      this.#tree = tree;
      pending.dropBelow(to.size);
      return tree;
    });
  }

  raiseSigned(
    to: CommittedTree,
    minAgeMs: number,
    ahead: boolean = false,
  ): Promise<'raised' | { readonly waitMs: number }> {
    return this.#changes.run(async () => {
      this.#checkOpen();
      const { clock, guard, registers, epoch } = this.#parts;
      this.#refuseFork(to);
      const now = clock.monotonicMs();
      const waitMs = this.#raisedAtMs === undefined ? 0 : this.#raisedAtMs + minAgeMs - now;
      if (waitMs > 0 && !ahead) return { waitMs };
      if (!sameTree(this.#signed, to)) {
        await guard.check();
        const tree: Tree = { size: to.size, root: to.root };
        await this.#store('raise the signed floor', LAYOUT.floorRegister, () =>
          registers.floor.write({ tree, epoch }, 'floor-raised'),
        );
        this.#signed = tree;
      }
      if (waitMs > 0) return { waitMs };
      this.#raisedAtMs = now;
      return 'raised';
    });
  }

  release(below: TreeSize): Promise<void> {
    const { segments, clock } = this.#parts;
    return this.#changes.run(async () => {
      if (!this.#closed) await segments.release(Math.min(below, this.#tree.size), clock.monotonicMs());
    });
  }

  collect(from: TreeSize, to: TreeSize): Promise<boolean> {
    return this.#changes.run(async () => {
      this.#checkOpen();
      if (this.#collected !== from) return false;
      const { registers, epoch } = this.#parts;
      const tree: Tree = { size: to, root: this.#tree.root };
      await this.#store('store the collection cursor', LAYOUT.collectedRegister, () =>
        registers.collected.write({ tree, epoch }),
      );
      this.#collected = to;
      return true;
    });
  }

  freeze(atMs: number): Promise<LeafIndex> {
    return this.#appends.run(async () => {
      this.#checkOpen();
      this.#frozenAtMs ??= await this.#store('freeze the log', LAYOUT.frozen, () => this.#parts.markFrozen(atMs));
      return asLeafIndex(this.#next);
    });
  }

  /** One process writes: there is nobody whose changes could be told. Ends when the signal fires. */
  async *changes(signal: AbortSignal): AsyncIterable<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  async room(): Promise<boolean> {
    this.#checkOpen();
    return this.#parts.room.restore();
  }

  /** Waits for what is under way, then gives up the lock. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([this.#appends.idle(), this.#changes.idle()]);
    await this.#parts.letGo();
  }

  /** COMMIT POINT of sequencing: the return of the record's sync. Before it the entry is in nobody's log; after it, it stays. */
  async #append(entries: readonly Uint8Array[], token: Token, signal: AbortSignal): Promise<LeafIndex> {
    this.#checkOpen();
    const { room, segments, pending, guard } = this.#parts;
    if (this.#frozenAtMs !== undefined) throw new LogError('frozen', 'the log is frozen: it takes no more entries');
    if (signal.aborted) throw new LogError('aborted', 'the append was called off before it began');
    await room.check();
    const first = asLeafIndex(this.#next);
    if (entries.length === 0) return first;
    await segments.append({ first, token, entries });
    // Whoever has opened the log since may not have found the record, and gives its index to another one.
    await guard.check();
    pending.push(first, entries);
    this.#next = asTreeSize(first + entries.length);
    return first;
  }

  /** A write for which there was no room changed nothing that counts, and may be tried again; any other failure is the end. */
  async #store<T>(what: string, path: string, work: () => Promise<T>): Promise<T> {
    const { latch, room } = this.#parts;
    latch.check();
    try {
      return await work();
    } catch (error) {
      throw isFullWrite(error) ? await room.ranOut(error) : latch.fail(what, path, error);
    }
  }

  #refuseFork(to: Tree): void {
    const beyond = to.size > this.#tree.size || (to.size === this.#tree.size && !sameTree(to, this.#tree));
    const below = to.size < this.#signed.size || (to.size === this.#signed.size && !sameTree(to, this.#signed));
    if (!beyond && !below) return;
    const why = beyond ? `only ${this.#tree.size} are committed` : `${this.#signed.size} were signed before`;
    throw new LogError('fork', `a tree of ${to.size} entries must not be signed: ${why}, or they had another root`);
  }

  #checkOpen(): void {
    this.#parts.latch.check();
    if (this.#closed) throw new LogError('closing', 'the store is closed');
  }
}
