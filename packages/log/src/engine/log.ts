import { Backlog } from '../intake/backlog.ts';
import { type Backlogs, type Expectation, Intake } from '../intake/intake.ts';
import type { Leaving } from '../intake/leaving.ts';
import type { NewEntry, Placement, Publication, Receipt } from '../intake/publication.ts';
import type { Ticket } from '../intake/ticket.ts';
import { hasCode, LogError } from '../log-error.ts';
import { HALTED } from '../ports/index.ts';
import { type ProvenEntry, proveEntry } from '../reading/prove-entry.ts';
import { Collector } from '../stages/collector.ts';
import { DedupeFollower } from '../stages/dedupe-follower.ts';
import { Pipeline } from '../stages/pipeline.ts';
import { freezeTime, publishedLine } from '../stages/publishing/last-checkpoint.ts';
import { Sequencer } from '../stages/sequencer.ts';
import type { Stage } from '../stages/stalls.ts';
import { wentBack } from '../stages/went-back.ts';
import { Answers } from './answers.ts';
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

/** A frozen log: it takes nothing more, and its last checkpoint is published. */
export interface Frozen {
  /** The last checkpoint, which carries {@link line}. */
  readonly publication: Publication;
  /** The extension line that says so, and since when. */
  readonly line: string;
  /** The log was frozen before, and its last checkpoint published. */
  readonly already: boolean;
  /** Enough witnesses cosigned it; always where the log has none. */
  readonly enough: boolean;
  /** How many witnesses cosigned, who did not, and why; nothing where none was asked now. */
  readonly detail: string | undefined;
}

/** What the stores get to let go in, at least: a disk that hangs must not keep the process from ending. */
const CLOSE_GRACE_MS = 1000;

/** An open log: takes entries, publishes checkpoints that cover them, proves what it holds. */
export class Log {
  readonly origin: string;
  /** Resolves with the reason when the log can write no more in this process. */
  readonly failed: Promise<LogError>;
  readonly #state: EngineState;
  readonly #backlog: Backlog = new Backlog();
  readonly #intake: Intake;
  readonly #answers: Answers;
  readonly #sequencer: Sequencer;
  readonly #pipeline: Pipeline;
  readonly #follower: DedupeFollower | undefined;
  readonly #collector: Collector;
  /** What must end for a close to be complete. */
  #loops: Promise<unknown> = Promise.resolve();
  /** What ends when the log stops. */
  #attendants: Promise<unknown> = Promise.resolve();
  #sequencing = true;
  #closed: Promise<'settled' | 'timed-out'> | undefined;

  /** Use `openLog`. */
  constructor(state: EngineState) {
    this.origin = state.deps.origin;
    this.#state = state;
    this.#intake = new Intake(
      state,
      () => this.#sequencer.wake.wake(),
      () => this.#pipeline.wake.wake(),
    );
    this.#answers = new Answers(state, this.#intake, this.#backlog);
    this.#sequencer = new Sequencer(state, this.#intake, this.#backlog, () => this.#onSequenced());
    this.#pipeline = new Pipeline(state, this.#backlog, {
      allIn: () => this.#intake.upcoming === 0 && this.#sequencer.isIdle && !this.#backlog.isUnawaited,
      waiting: () => this.#intake.backlogs.entries,
      ended: () => !this.#sequencing,
      published: (started) => this.#onPublished(started),
      answered: (started) => this.#onAnswered(started),
    });
    const { dedupe } = state;
    this.#follower = dedupe && new DedupeFollower(state, dedupe, this.#intake);
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

  /** Brings everything that is sequenced into the tree, publishes it, and indexes it: before intake opens. */
  async recover(): Promise<void> {
    await this.#pipeline.replay();
    await this.#pipeline.publish();
    await this.#follower?.catchUp();
    this.#state.recovered = true;
  }

  /** Starts the stages; those that write wait for the end of `recovery`. */
  start(recovery: Promise<void>): void {
    const sequencing = this.#sequencer.run().finally(() => {
      this.#sequencing = false;
      this.#pipeline.wake.wake();
    });
    const publishing = recovery.then(() => this.#pipeline.run()).finally(() => this.#follower?.end());
    const indexing = recovery.then(() => this.#follower?.run());
    this.#loops = Promise.all([sequencing, publishing, indexing]).catch((cause: unknown) => {
      this.#state.fail(cause, 'the log could not go on');
    });
    this.#attendants = Promise.allSettled([this.#watch(), recovery.then(() => this.#collector.run())]);
  }

  /** Announces a request, so that publication can tell when every known waiter is in. MUST be followed by `add` or `cancel`. */
  expect(): Expectation {
    return this.#intake.expect();
  }

  /**
   * Adds an entry, and resolves when a *published* checkpoint covers it; with `answerAt: 'signed'`, one that is signed and kept.
   * Throws `LogError` 'pushback', 'storage-full', 'frozen', 'closing', 'entry-too-large' (not in the log), or
   * 'aborted', 'outcome-unknown', 'proof-failed' (may be in the log; adding it again is safe).
   */
  add(
    entry: NewEntry,
    options: { readonly signal?: Leaving | undefined; readonly expectation?: Expectation | undefined } = {},
  ): Promise<Receipt> {
    const receipt = this.#intake.add(entry, options.signal);
    // Only now: were it cancelled first, the pipeline could take everyone for in.
    options.expectation?.cancel();
    return receipt;
  }

  /**
   * Adds an entry, and resolves when it is *durable*, with its index; a checkpoint that covers it is published soon after.
   * For logs whose submitters wait for publication themselves. Throws what {@link add} throws, but 'proof-failed'.
   */
  sequence(
    entry: NewEntry,
    options: { readonly signal?: Leaving | undefined; readonly expectation?: Expectation | undefined } = {},
  ): Promise<Placement> {
    const placement = this.#intake.sequence(entry, options.signal);
    options.expectation?.cancel();
    return placement;
  }

  /** An entry that is published, or was answered, with its inclusion proof. Throws `LogError` 'not-found'. */
  prove(index: number, signal?: AbortSignal): Promise<ProvenEntry> {
    const { deps, publication, answerable, shape } = this.#state;
    // What was answered ahead of publication is no secret: whoever sends it again may have it too.
    const covering = index < publication.tree.size ? publication : answerable;
    return proveEntry(deps.objects, covering, index, signal, shape.height);
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
   * Takes no more entries, for good: everything that was sequenced is published, and then the last checkpoint, which says
   * so in an extension line. Resolves when that is published; with witnesses that must cosign it, not before they have.
   * Whoever opens the log later finishes what a crash leaves. A log may be frozen again: nothing changes, but witnesses who
   * are missing are asked once more.
   * Throws `LogError` 'storage-full' (nothing changed); 'fork' for a log that stopped because its state contradicts what
   * the world has seen; 'closing' or what ended the log, when it stopped before the last checkpoint was published.
   */
  async freeze(): Promise<Frozen> {
    const { publication, stop } = this.#state;
    const already = publishedLine(publication.note) !== undefined;
    await this.#stopSequence();
    const stopped = Promise.withResolvers<never>();
    const leave = (): void => {
      const closed = new LogError('closing', 'the log closed before its last checkpoint was published');
      stopped.reject(this.#state.failure ?? closed);
    };
    if (stop.signal.aborted) leave();
    stop.signal.addEventListener('abort', leave);
    try {
      const end = await Promise.race([this.#pipeline.ended(), stopped.promise]);
      return { ...end, line: publishedLine(end.publication.note) ?? '', already };
    } finally {
      stop.signal.removeEventListener('abort', leave);
    }
  }

  /** Nothing is sequenced any more, and everybody here knows. */
  async #stopSequence(): Promise<void> {
    const { deps, stop, options } = this.#state;
    const atMs = freezeTime(deps.clock);
    for (let pause = options.retry.firstMs; ; pause = Math.min(2 * pause, options.retry.lastMs)) {
      try {
        await deps.sequence.freeze(atMs);
        break;
      } catch (error) {
        if (!hasCode(error, 'outcome-unknown') || stop.signal.aborted) throw error;
      }
      await deps.clock.sleep(pause, stop.signal);
    }
    const head = await deps.sequence.head();
    this.#state.learn(head);
    if (head.frozenAtMs !== HALTED) return;
    throw new LogError(
      'fork',
      'the log stopped for good because its state contradicts what a witness has seen: it is an old copy or a fork, and gets no last checkpoint. Restore the newest state',
    );
  }

  /**
   * Stops intake, publishes everything that was taken in, and lets the stores go, within `timeoutMs`.
   * 'timed-out' when something was left: its waiters got 'outcome-unknown', and recovery will find it.
   */
  close(options: { readonly timeoutMs: number }): Promise<'settled' | 'timed-out'> {
    this.#closed ??= this.#close(options.timeoutMs);
    return this.#closed;
  }

  async #close(timeoutMs: number): Promise<'settled' | 'timed-out'> {
    const { deps, stop } = this.#state;
    this.#state.closing = true;
    this.#wakeAll();
    const inTime = new AbortController();
    const bound = deps.clock.sleep(timeoutMs, inTime.signal).then(() => false);
    const settled = await Promise.race([this.#finished(), bound]);
    stop.abort();
    this.#abandon(
      new LogError('outcome-unknown', 'the log closed before the entry was published; it may be in the log'),
    );
    this.#wakeAll();
    await Promise.race([this.#attendants, bound]);
    deps.events.emit({ type: 'closed', size: this.#state.publication.tree.size, settled });
    const grace = Promise.all([bound, deps.clock.sleep(CLOSE_GRACE_MS, inTime.signal)]).then(() => false);
    const released = await Promise.race([this.#closeStores(), grace]);
    inTime.abort();
    return settled && released ? 'settled' : 'timed-out';
  }

  async #closeStores(): Promise<true> {
    const { dedupe, sequence } = this.#state.deps;
    try {
      await dedupe?.close();
    } finally {
      await sequence.close();
    }
    return true;
  }

  /** Resolves when nothing is left to do; whether it went well. */
  async #finished(): Promise<boolean> {
    await this.#loops;
    await this.#answers.finished();
    return this.#state.failure === undefined;
  }

  #wakeAll(): void {
    for (const stage of [this.#sequencer, this.#pipeline, this.#follower]) stage?.wake.wake();
  }

  #unready(): string | undefined {
    const { failure, closing, recovered, stalls, options, ahead, deps } = this.#state;
    if (failure !== undefined) return `writing stopped: ${failure.message}`;
    if (closing) return 'shutting down';
    const stall = stalls.first;
    if (stall !== undefined) return `held up (${stall.stage}): ${stall.detail}`;
    if (!recovered) return 'the log is still being recovered';
    const behindMs = ahead.lateMs(deps.clock.monotonicMs());
    if (behindMs !== undefined) return `no checkpoint for ${Math.round(behindMs)} ms that covers what was answered`;
    const { lateMs, backlogs } = this.#intake;
    if (lateMs > options.lateAfterMs) return `no checkpoint for ${Math.round(lateMs)} ms although entries wait for one`;
    if (backlogs.dedupeLag <= options.dedupe.maxLag) return undefined;
    return `the dedupe index is ${backlogs.dedupeLag} entries behind: ${stalls.of('dedupe') ?? 'it is being filled'}`;
  }

  #onSequenced(): void {
    // Another replica may have integrated and published the entry before its append returned here.
    this.#settleCovered();
    this.#pipeline.wake.wake();
  }

  async #onPublished(started: number): Promise<void> {
    const { deps, publication, stalls } = this.#state;
    this.#intake.published();
    const waiters = this.#settleCovered();
    this.#follower?.wake.wake();
    deps.events.emit({
      type: 'published',
      size: publication.tree.size,
      waiters,
      ms: deps.clock.monotonicMs() - started,
    });
    // Copies that stay are no danger, and the next publication asks again.
    await deps.sequence.release(publication.tree.size).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : 'unknown error';
      stalls.enter('collect', `sequenced copies of published entries cannot be removed: ${why}`);
    });
  }

  #onAnswered(started: number): void {
    const { deps, answerable } = this.#state;
    this.#intake.published();
    const waiters = this.#settleCovered();
    const ms = deps.clock.monotonicMs() - started;
    deps.events.emit({ type: 'signed', size: answerable.tree.size, waiters, ms });
  }

  #settleCovered(): number {
    const { fresh, answered } = this.#answers.settleCovered();
    if (answered > 0) this.#handOver(fresh);
    return answered;
  }

  /** Published entries stay known until the persistent index has them; without one, a bounded number of the latest does. */
  #handOver(fresh: readonly Ticket[]): void {
    if (this.#follower !== undefined) {
      // Another replica published and indexed them before we learnt their index.
      for (const { index, key } of fresh) if (this.#follower.covers(index ?? 0)) this.#intake.forget(key);
      const start = fresh[0]?.index ?? 0;
      const inOrder = fresh.every((ticket, at) => ticket.index === start + at);
      this.#follower.offer(start, inOrder ? fresh : []);
      return;
    }
    const { size } = this.#state.publication.tree;
    for (const [key, ticket] of this.#intake.known) {
      if (this.#intake.known.size <= this.#state.options.dedupe.recent) break;
      if (ticket.index !== undefined && ticket.index < size) this.#intake.forget(key);
    }
  }

  /** Hints of other replicas' progress. Losing some is allowed for; nothing that fails here fails anybody else. */
  async #watch(): Promise<void> {
    const { deps, stop, options } = this.#state;
    while (!stop.signal.aborted) {
      try {
        for await (const _ of deps.sequence.changes(stop.signal)) await this.#lookAround();
        return;
      } catch {
        await deps.clock.sleep(options.retry.lastMs, stop.signal);
        // What was missed meanwhile.
        await this.#lookAround().catch(() => undefined);
      }
    }
  }

  async #lookAround(): Promise<void> {
    const { known, next } = this.#state;
    const head = await this.#state.deps.sequence.head();
    // What was known before the reading: both may have moved since.
    if (head.tree.size < known.size) this.#state.fail(wentBack(known.size, head.tree.size), 'the state went back');
    else if (head.next < next) this.#state.fail(wentBack(next, head.next), 'the state went back');
    this.#state.learn(head);
    this.#pipeline.wake.wake();
  }

  #abandon(error: LogError): void {
    this.#intake.abandon(error);
    for (const ticket of this.#backlog.drain()) ticket.reject(error);
    this.#answers.abandon(error);
  }
}
