import { encodeHex, equalBytes } from '@tilewright/core/bytes';
import { type Checkpoint, frozenLineOf, openCheckpoint, parseCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import { CompactRange, type Tree, verifyInclusion } from '@tilewright/core/merkle';
import type { NewEntry, Receipt } from '@tilewright/log';
import type { CheckedLog } from '@tilewright/log/testing';
import { logVerifier, ORIGIN } from '../world/log-key.ts';
import { type PromiseName, Violation } from './violation.ts';

/**
 * Remembers every answer, every checkpoint, every signature and the first bytes of every path, and holds whatever
 * comes later to them. Knows nothing of the engine. The first broken promise is kept: some are noticed where nobody
 * could be told.
 */
export class Oracle {
  /** The first promise that was broken. */
  broken: Violation | undefined;
  /** Entry by index, as answered or seen. */
  readonly #promised = new Map<number, string>();
  /** Every tree that was ever signed or shown, by its size. */
  readonly #trees = new Map<number, Tree>();
  readonly #known = new WeakMap<Uint8Array, Checkpoint>();
  /** The cache of a content network that never forgets. */
  readonly #served = new Map<string, Uint8Array>();
  /** Size of the checkpoint that was shown last, and of the largest that somebody was told of; -1 when nobody was. */
  #shown = 0;
  #answered = -1;
  #isEnough: (note: Uint8Array) => boolean = () => true;
  #old: Uint8Array | undefined;
  #isReadable: ((size: number) => boolean) | undefined;
  /** Signed checkpoints that are kept for answers ahead of publication, by their size. */
  readonly #kept = new Map<number, Uint8Array>();
  /** The last checkpoint of a frozen log, once it was shown, and whether somebody was told of it. */
  #end: { readonly size: number; readonly line: string } | undefined;
  #endTold = false;

  /** Size of the checkpoint that was shown last. */
  get shown(): number {
    return this.#shown;
  }

  /** Whether the checkpoint that is shown says that the log takes nothing more. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** An oracle that remembers the same. */
  clone(): Oracle {
    const copy = new Oracle();
    for (const [index, id] of this.#promised) copy.#promised.set(index, id);
    for (const [size, tree] of this.#trees) copy.#trees.set(size, tree);
    for (const [path, bytes] of this.#served) copy.#served.set(path, bytes);
    copy.#shown = this.#shown;
    copy.#answered = this.#answered;
    copy.#end = this.#end;
    copy.#endTold = this.#endTold;
    return copy;
  }

  /**
   * From now on every checkpoint of any entries must carry what `isEnough` asks for: cosignatures. `old` is shown already,
   * and may be until it is replaced; nobody is answered with it.
   */
  mustCarry(isEnough: (note: Uint8Array) => boolean, old: Uint8Array | undefined): void {
    this.#isEnough = isEnough;
    this.#old = old;
  }

  /** From now on a kept checkpoint is enough for an answer, where `isReadable` finds all tiles at the edge of its tree. */
  mayAnswerAhead(isReadable: (size: number) => boolean): void {
    this.#isReadable = isReadable;
  }

  /** A signed checkpoint is kept for whoever is answered with it. */
  kept(size: number, note: Uint8Array): void {
    if (this.#open(note).size !== size) this.breach('P4', `what is kept of ${size} entries is of another size`);
    this.served(`checkpoints/${size}`, note);
    this.#kept.set(size, note);
  }

  /** Throws when a promise was broken. */
  check(): void {
    if (this.broken !== undefined) throw this.broken;
  }

  /** Notes that `promise` was broken. */
  breach(promise: PromiseName, message: string, cause?: unknown): void {
    this.broken ??= new Violation(promise, message, { cause });
  }

  /** A log was opened with a checkpoint of `size` entries: from now on, whoever asks is told. */
  opened(size: number): void {
    this.#answered = Math.max(this.#answered, size);
    this.#endTold ||= this.#end !== undefined;
  }

  /** Somebody who froze the log was told that this is its last checkpoint. */
  ended(note: Uint8Array): void {
    const { size } = this.#open(note);
    if (size !== this.#end?.size)
      this.breach('P6', `the log is said to have ended with ${size} entries, and shows other`);
    this.#endTold = true;
  }

  /** A client was answered. */
  answered(entry: NewEntry, { index, duplicate, publication, proof }: Receipt): void {
    const { size } = publication.tree;
    this.#open(publication.note);
    if (!this.#isEnough(publication.note)) this.breach('P6', `index ${index} was answered, and too few cosigned`);
    if (index >= (this.#end?.size ?? Number.POSITIVE_INFINITY))
      this.breach('P7', `index ${index} was answered after the log had ended with ${this.#end?.size} entries`);
    if (index >= size) this.breach('P6', `index ${index} was answered under a checkpoint of ${size} entries`);
    if (size > this.#shown && !this.#isAhead(size, publication.note))
      this.breach('P6', `${size} entries were answered before they were published`);
    if (!duplicate && proof === undefined) this.breach('P6', `entry ${index} was answered without a proof`);
    if (proof !== undefined) {
      try {
        verifyInclusion(entry.leafHash, index, publication.tree, proof);
      } catch (cause) {
        this.breach('P6', `the proof of entry ${index} does not verify`, cause);
      }
    }
    this.#promise(index, encodeHex(entry.leafHash));
    this.#answered = Math.max(this.#answered, size);
  }

  /** Whether an answer may come before its publication: its note is kept as it is, and its tree can be read. */
  #isAhead(size: number, note: Uint8Array): boolean {
    const kept = this.#kept.get(size);
    return this.#isReadable?.(size) === true && kept !== undefined && equalBytes(kept, note);
  }

  /** The log proved that it holds this entry at this index. */
  proved(index: number, data: Uint8Array): void {
    this.#promise(index, encodeHex(leafHash(data)));
  }

  /** The log's key is about to be used on `text` while the floor that survives a power loss is `floor`. */
  signing(text: Uint8Array, floor: Tree | undefined): void {
    const tree = parseCheckpoint(text);
    this.#tree(tree);
    if (tree.size > (this.#end?.size ?? tree.size))
      this.breach('P4', `${tree.size} entries are signed of a log that has ended with ${this.#end?.size}`);
    const covered = floor !== undefined && (tree.size < floor.size || equalBytes(tree.root, floor.root));
    if (!covered || tree.size > floor.size) {
      this.breach('P4', `${tree.size} entries are signed while the durable floor is ${floor?.size ?? 'nowhere'}`);
    }
  }

  /** The world can read this checkpoint now. */
  showed(note: Uint8Array): void {
    const checkpoint = this.#open(note);
    const { size } = checkpoint;
    this.#follow(checkpoint);
    const isOld = this.#old !== undefined && equalBytes(note, this.#old);
    if (size > 0 && !isOld && !this.#isEnough(note))
      this.breach('P6', `${size} entries are published, and too few cosigned`);
    if (size < this.#shown) this.breach('P3', `the checkpoint went back from ${this.#shown} to ${size} entries`);
    this.#shown = Math.max(this.#shown, size);
  }

  /**
   * Power was lost, and a static server shows this checkpoint, or none. Until the log is opened again the one before
   * the newest may be back, but none that is older than what anybody was answered with.
   */
  showedAfterPowerLoss(note: Uint8Array | undefined): void {
    const checkpoint = note === undefined ? undefined : this.#open(note);
    const size = checkpoint?.size ?? -1;
    // The one before the last may be back, unless somebody was told of the last.
    if (!this.#endTold) this.#end = undefined;
    if (checkpoint !== undefined) this.#follow(checkpoint);
    if (size < this.#answered) {
      this.breach('P3', `${this.#answered} entries were answered, and after the power loss ${size} are published`);
    }
    this.#shown = Math.max(0, size);
  }

  /** A path below `tile/` has these bytes. The array must not change afterwards. */
  served(path: string, bytes: Uint8Array): void {
    const first = this.#served.get(path);
    if (first === undefined) this.#served.set(path, bytes);
    else if (!equalBytes(first, bytes)) this.breach('P2', `${path} has served two byte strings`);
  }

  /** Holds the log as an outsider re-derived it from its bytes to everything that was ever shown. */
  judge({ size, entries }: CheckedLog): void {
    let range = CompactRange.empty();
    this.#judgeTree(range);
    for (const [index, data] of entries.entries()) {
      const hash = leafHash(data);
      const promised = this.#promised.get(index);
      if (promised !== undefined && promised !== encodeHex(hash)) this.breach('P1', `entry ${index} is another now`);
      range = range.append(hash);
      this.#judgeTree(range);
    }
    for (const index of this.#promised.keys()) {
      if (index >= size) this.breach('P1', `entry ${index} was answered, and the log has ${size} entries`);
    }
  }

  /** Holds the finished log to what holds only when all is done: nothing that was signed or shown lies beyond it. */
  judgeEnd(log: CheckedLog): void {
    this.judge(log);
    if (this.#end !== undefined && this.#end.size !== log.size)
      this.breach('P3', `the log has ended with ${this.#end.size} entries, and has ${log.size}`);
    for (const size of this.#trees.keys()) {
      if (size > log.size) this.breach('P4', `${size} entries were signed, and the log ends with ${log.size}`);
    }
  }

  /** Nothing comes after the last checkpoint but the same one, signed or cosigned again. */
  #follow(checkpoint: Checkpoint): void {
    const { size } = checkpoint;
    const line = frozenLineOf(checkpoint);
    if (this.#end === undefined) {
      if (line !== undefined) this.#end = { size, line };
    } else if (line !== this.#end.line || size !== this.#end.size)
      this.breach('P3', `the log had ended with ${this.#end.size} entries, and shows ${size} (${line ?? 'no end'})`);
  }

  #judgeTree(range: CompactRange): void {
    const shown = this.#trees.get(range.size);
    if (shown === undefined || equalBytes(shown.root, range.root())) return;
    this.breach('P4', `the tree of ${range.size} entries that was signed is not this log's`);
  }

  #promise(index: number, id: string): void {
    const before = this.#promised.get(index) ?? id;
    if (before !== id) this.breach('P1', `index ${index} was given to two entries`);
    this.#promised.set(index, id);
  }

  #open(note: Uint8Array): Checkpoint {
    const known = this.#known.get(note);
    if (known !== undefined) return known;
    const checkpoint = openCheckpoint(note, ORIGIN, logVerifier);
    this.#known.set(note, checkpoint);
    this.#tree(checkpoint);
    return checkpoint;
  }

  #tree(tree: Tree): void {
    const before = this.#trees.get(tree.size);
    if (before === undefined) this.#trees.set(tree.size, { size: tree.size, root: tree.root });
    else if (!equalBytes(before.root, tree.root)) this.breach('P4', `size ${tree.size} was signed with two roots`);
  }
}
