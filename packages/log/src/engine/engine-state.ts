import type { RightEdge } from '@tilewright/core/builder';
import { frozenLine } from '@tilewright/core/checkpoint';
import type { Tree } from '@tilewright/core/merkle';
import type { TileShape } from '@tilewright/core/tiles';
import type { Publication } from '../intake/publication.ts';
import { LogError } from '../log-error.ts';
import { type CommittedTree, type DedupeIndex, HALTED, type Head, type Version } from '../ports/index.ts';
import { AheadOfPublished } from '../stages/ahead/ahead-of-published.ts';
import { PartialWidths } from '../stages/partial-widths.ts';
import { publishedLine } from '../stages/publishing/last-checkpoint.ts';
import { Stalls } from '../stages/stalls.ts';
import type { LogDeps } from './log-deps.ts';
import type { LogOptions } from './options.ts';

/** How far the log is, as read at opening. */
export interface OpenedState {
  readonly edge: RightEdge;
  readonly committed: CommittedTree;
  readonly publication: Publication;
  readonly version: Version;
  readonly next: number;
  readonly collected: number;
  readonly frozenAtMs: number | undefined;
}

/**
 * What the stages of one open log share. Owners: the sequencer moves `next` and `frozen`; whoever reads the head learns
 * `next`, `frozen` and `frozenAtMs` from it; the pipeline moves `edge`, `committed`, `publication` and `version`; everyone reads.
 */
export class EngineState {
  readonly deps: LogDeps;
  readonly options: LogOptions;
  /** Of the tiles that the log is stored in. */
  readonly shape: TileShape;
  readonly stalls: Stalls;
  readonly partials: PartialWidths;
  /** What entries were answered with before it was published. */
  readonly ahead: AheadOfPublished;
  /** Fires when the log must let go of everything: fatal failure, or the end of a close. */
  readonly stop: AbortController = new AbortController();
  edge: RightEdge;
  /** The tree that the sequence store committed and `edge` holds: swapped together. */
  committed: CommittedTree;
  publication: Publication;
  version: Version;
  next: number;
  collected: number;
  /** Nothing more is taken in. */
  frozen: boolean;
  /** Since when; once it is known, `next` is final. */
  frozenAtMs: number | undefined;
  closing = false;
  /** Everything that was ever acknowledged is integrated, published and indexed: intake may open. */
  recovered = false;
  failure: LogError | undefined;
  #onFailure: (error: LogError) => void = () => {};

  constructor(deps: LogDeps, options: LogOptions, opened: OpenedState) {
    this.deps = deps;
    this.options = options;
    this.shape = opened.edge.shape;
    this.partials = new PartialWidths(opened.next);
    this.stalls = new Stalls(deps.clock, deps.events, options.retry);
    this.ahead = new AheadOfPublished(2 * Math.max(options.publishIntervalMs, deps.checkpoints.minIntervalMs));
    this.edge = opened.edge;
    this.committed = opened.committed;
    this.publication = opened.publication;
    this.version = opened.version;
    this.next = opened.next;
    this.collected = opened.collected;
    this.frozen = opened.frozenAtMs !== undefined;
    this.frozenAtMs = opened.frozenAtMs;
  }

  /** The largest tree that is known to be this log's: no tree that another replica moved to may contradict it. */
  get known(): Tree {
    return this.publication.tree.size > this.committed.size ? this.publication.tree : this.committed;
  }

  /** What entries are answered with: the published checkpoint, or a larger one that is signed and kept. */
  get answerable(): Publication {
    const { newest } = this.ahead;
    return newest !== undefined && newest.tree.size > this.publication.tree.size ? newest : this.publication;
  }

  /** What the head says of the sequence: others may have added to it, or frozen it. */
  learn({ next, frozenAtMs }: Head): void {
    this.next = Math.max(this.next, next);
    this.frozenAtMs ??= frozenAtMs;
    this.frozen ||= frozenAtMs !== undefined;
  }

  /** The line that the last checkpoint carries, once all that the log will ever hold is integrated; nothing before. */
  get lastLine(): string | undefined {
    const { frozenAtMs, committed, next, publication } = this;
    if (frozenAtMs === undefined || frozenAtMs === HALTED || committed.size < next) return undefined;
    // What is published already may be another program's line, of another second.
    return publishedLine(publication.note) ?? frozenLine(frozenAtMs);
  }

  /** The dedupe index, where duplicates are joined. */
  get dedupe(): DedupeIndex | undefined {
    return this.options.duplicates === 'join' ? this.deps.dedupe : undefined;
  }

  onFailure(handler: (error: LogError) => void): void {
    this.#onFailure = handler;
  }

  /**
   * The end of writing: nothing is tried again in this process. The first failure wins; what a stop cuts off is none.
   * `what` is the sentence for a cause that is not the engine's own. Returns what is known of the failure.
   */
  fail(cause: unknown, what: string): LogError {
    const error = cause instanceof LogError ? cause : new LogError('storage-failed', what, { cause });
    if (!this.stop.signal.aborted) this.#end(error);
    return this.failure ?? error;
  }

  #end(error: LogError): void {
    this.failure = error;
    this.deps.events.emit({ type: 'failed', error });
    this.stop.abort(error);
    this.#onFailure(error);
  }
}
