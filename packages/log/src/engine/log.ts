import { equalBytes, type Hash } from '@tilewright/core/bytes';
import { Backlog } from '../intake/backlog.ts';
import { type Backlogs, type Expectation, Intake } from '../intake/intake.ts';
import type { NewEntry, Publication, Receipt } from '../intake/publication.ts';
import type { Ticket } from '../intake/ticket.ts';
import { hasCode, LogError } from '../log-error.ts';
import { ProofTable } from '../plan/proof-table.ts';
import { type ProvenEntry, proveEntry, proveFromTiles } from '../reading/prove-entry.ts';
import { Collector } from '../stages/collector.ts';
import { DedupeFollower } from '../stages/dedupe-follower.ts';
import { Pipeline } from '../stages/pipeline.ts';
import { Sequencer } from '../stages/sequencer.ts';
import type { Stage } from '../stages/stalls.ts';
import type { EngineState } from './engine-state.ts';

/** How the log is, for readiness, metrics and operators. */
export interface LogStatus extends Backlogs {
  readonly next: number;
  readonly integrated: number;
  readonly published: number;
  readonly frozen: boolean;
  /** Why the log cannot be written to right now, as a sentence; nothing when it can. */
  readonly unready: string | undefined;
  readonly stalled: Stage | undefined;
}

/** An open log: takes entries, publishes checkpoints that cover them, proves what it holds. */
export class Log {
  readonly origin: string;
  /** Resolves with the reason when the log can write no more in this process. */
  readonly failed: Promise<LogError>;
  readonly #state: EngineState;
  readonly #backlog: Backlog = new Backlog();
  readonly #intake: Intake;
  readonly #sequencer: Sequencer;
  readonly #pipeline: Pipeline;
  readonly #follower: DedupeFollower | undefined;
  readonly #collector: Collector;
  #loops: Promise<unknown> = Promise.resolve();
  #sequencing = true;
  #publishing = true;
  #waitingSince: number | undefined;

  /** Use `openLog`. */
  constructor(state: EngineState) {
    this.origin = state.deps.origin;
    this.#state = state;
    this.#intake = new Intake(
      state,
      () => this.#sequencer.wake.wake(),
      () => this.#pipeline.wake.wake(),
    );
    this.#sequencer = new Sequencer(state, this.#intake, this.#backlog, () => this.#onSequenced());
    this.#pipeline = new Pipeline(state, this.#backlog, {
      allIn: () => this.#intake.upcoming === 0 && this.#sequencer.isIdle,
      ended: () => !this.#sequencing,
      published: (started) => this.#onPublished(started),
    });
    const { dedupe } = state.deps;
    this.#follower = dedupe && new DedupeFollower(state, dedupe, (key) => this.#intake.forget(key));
    if (this.#follower) this.#intake.dedupeLag = () => this.#follower?.lag ?? 0;
    this.#collector = new Collector(state);
    this.failed = new Promise((resolve) => {
      state.onFailure((error) => {
        this.#abandon(
          new LogError('outcome-unknown', 'the log stopped while the entry was on its way; it may be in the log', {
            cause: error,
          }),
        );
        resolve(error);
      });
    });
  }

  /** Brings everything that is sequenced into the tree, publishes it, and indexes it: before intake opens. Returns how many entries were replayed. */
  async recover(): Promise<number> {
    const replayed = await this.#pipeline.replay();
    if (this.#state.publication.tree.size < this.#state.committed.size) await this.#pipeline.publish();
    await this.#follower?.catchUp();
    return replayed;
  }

  /** Starts the stages. */
  start(): void {
    const sequencing = this.#sequencer.run().finally(() => {
      this.#sequencing = false;
      this.#pipeline.wake.wake();
    });
    const publishing = this.#pipeline.run().finally(() => {
      this.#publishing = false;
      this.#follower?.wake.wake();
    });
    this.#loops = Promise.all([sequencing, publishing, this.#follower?.run(() => !this.#publishing)]);
    void this.#watch();
    void this.#collector.run();
  }

  /** Announces a request, so that publication can tell when every known waiter is in. MUST be followed by `add` or `cancel`. */
  expect(): Expectation {
    return this.#intake.expect();
  }

  /**
   * Adds an entry, and resolves when a *published* checkpoint covers it.
   * Throws `LogError` 'pushback', 'storage-full', 'frozen', 'closing', 'entry-too-large' (not in the log), or
   * 'aborted', 'outcome-unknown', 'proof-failed' (may be in the log; adding it again is safe).
   */
  add(
    entry: NewEntry,
    options: { readonly signal?: AbortSignal | undefined; readonly expectation?: Expectation | undefined } = {},
  ): Promise<Receipt> {
    const receipt = this.#intake.add(entry, options.signal);
    // Only now: were it cancelled first, the pipeline could take everyone for in.
    options.expectation?.cancel();
    return receipt;
  }

  /** A published entry with its inclusion proof. Throws `LogError` 'not-found'. */
  prove(index: number, signal?: AbortSignal): Promise<ProvenEntry> {
    return proveEntry(this.#state.deps.objects, this.#state.publication, index, signal);
  }

  /** The checkpoint that the world sees. */
  published(): Publication {
    return this.#state.publication;
  }

  status(): LogStatus {
    const { next, committed, publication, frozen, stalls } = this.#state;
    return {
      ...this.#intake.backlogs,
      next,
      integrated: committed.size,
      published: publication.tree.size,
      frozen,
      unready: this.#unready(),
      stalled: stalls.first?.stage,
    };
  }

  /**
   * Stops intake, publishes everything that was taken in, and lets the stores go, within `timeoutMs`.
   * 'timed-out' when something was left: its waiters got 'outcome-unknown', and recovery will find it.
   */
  async close(options: { readonly timeoutMs: number }): Promise<'settled' | 'timed-out'> {
    const { deps, stop } = this.#state;
    this.#state.closing = true;
    for (const stage of [this.#sequencer, this.#pipeline, this.#follower]) stage?.wake.wake();
    const bound = new AbortController();
    const settled = await Promise.race([
      this.#loops.then(() => this.#state.failure === undefined),
      deps.clock.sleep(options.timeoutMs, bound.signal).then(() => false),
    ]);
    bound.abort();
    stop.abort();
    this.#abandon(
      new LogError('outcome-unknown', 'the log closed before the entry was published; it may be in the log'),
    );
    for (const stage of [this.#sequencer, this.#pipeline, this.#follower]) stage?.wake.wake();
    deps.events.emit({ type: 'closed', size: this.#state.publication.tree.size, settled });
    await deps.dedupe?.close();
    await deps.sequence.close();
    return settled ? 'settled' : 'timed-out';
  }

  #unready(): string | undefined {
    const { failure, closing, stalls, deps, options } = this.#state;
    if (failure !== undefined) return `writing stopped: ${failure.message}`;
    if (closing) return 'shutting down';
    const stall = stalls.first;
    if (stall !== undefined) return `held up (${stall.stage}): ${stall.detail}`;
    const late = this.#waitingSince === undefined ? 0 : deps.clock.monotonicMs() - this.#waitingSince;
    return late > options.lateAfterMs
      ? `no checkpoint for ${Math.round(late)} ms although entries wait for one`
      : undefined;
  }

  #onSequenced(): void {
    // Another replica may have integrated and published the entry before its append returned here.
    this.#settleCovered();
    if (!this.#backlog.isEmpty) this.#waitingSince ??= this.#state.deps.clock.monotonicMs();
    this.#pipeline.wake.wake();
  }

  async #onPublished(started: number): Promise<void> {
    const { deps, publication } = this.#state;
    const waiters = this.#settleCovered();
    this.#waitingSince = this.#backlog.isEmpty ? undefined : deps.clock.monotonicMs();
    deps.events.emit({
      type: 'published',
      size: publication.tree.size,
      waiters,
      ms: deps.clock.monotonicMs() - started,
    });
    await deps.sequence.release(publication.tree.size);
  }

  /** Answers everyone whom the published checkpoint covers, and lets the dedupe index follow. */
  #settleCovered(): number {
    const covered = this.#backlog.covered(this.#state.publication.tree.size);
    const fresh = covered.filter((ticket) => !ticket.old);
    for (const ticket of fresh) this.#intake.release(ticket);
    this.#settle(covered);
    this.#handOver(fresh);
    return covered.length;
  }

  #settle(covered: readonly Ticket[]): void {
    const { publication, edge } = this.#state;
    // Another replica may have published beyond or before our edge: then proofs come from the tiles.
    const table = equalBytes(edge.tree.root, publication.tree.root) ? new ProofTable(edge) : undefined;
    for (const ticket of covered) {
      const index = ticket.index ?? 0;
      if (ticket.old || ticket.waiting === 0) ticket.settle(publication, undefined);
      else if (table?.covers(index)) this.#settleFrom(table, ticket, index);
      else void this.#settleFromTiles(ticket, index, publication);
    }
  }

  #settleFrom(table: ProofTable, ticket: Ticket, index: number): void {
    if (table.verify(index, ticket.leafHash)) ticket.settle(this.#state.publication, table.proof(index));
    else this.#proofFailed(ticket, index, undefined);
  }

  async #settleFromTiles(ticket: Ticket, index: number, publication: Publication): Promise<void> {
    try {
      const proof: readonly Hash[] = await proveFromTiles(
        this.#state.deps.objects,
        publication,
        index,
        ticket.leafHash,
        this.#state.stop.signal,
      );
      ticket.settle(publication, proof);
    } catch (cause) {
      this.#proofFailed(ticket, index, cause);
    }
  }

  #proofFailed(ticket: Ticket, index: number, cause: unknown): void {
    this.#state.deps.events.emit({ type: 'proof-failed', index });
    ticket.reject(
      hasCode(cause, 'corrupt')
        ? cause
        : new LogError('proof-failed', `no valid inclusion proof for entry ${index}`, { cause }),
    );
  }

  /** Published entries stay known until the persistent index has them; without one, a bounded number of the latest does. */
  #handOver(fresh: readonly Ticket[]): void {
    if (this.#follower !== undefined) {
      const start = fresh[0]?.index ?? 0;
      const inOrder = fresh.every((ticket, at) => ticket.index === start + at);
      this.#follower.offer(start, inOrder ? fresh.map((ticket) => ticket.leafHash) : []);
      return;
    }
    const { size } = this.#state.publication.tree;
    for (const [key, ticket] of this.#intake.known) {
      if (this.#intake.known.size <= this.#state.options.dedupe.recent) break;
      if (ticket.index !== undefined && ticket.index < size) this.#intake.forget(key);
    }
  }

  /** Hints of other replicas' progress. */
  async #watch(): Promise<void> {
    for await (const _ of this.#state.deps.sequence.changes(this.#state.stop.signal)) {
      const head = await this.#state.deps.sequence.head();
      this.#state.next = Math.max(this.#state.next, head.next);
      this.#state.frozen ||= head.frozen;
      this.#pipeline.wake.wake();
    }
  }

  #abandon(error: LogError): void {
    this.#intake.abandon(error);
    for (const ticket of this.#backlog.drain()) ticket.reject(error);
  }
}
