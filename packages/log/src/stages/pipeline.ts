import { type Integration, integrate, joinLeaves, type Leaves } from '@tilewright/core/builder';
import type { EngineState } from '../engine/engine-state.ts';
import type { Backlog } from '../intake/backlog.ts';
import { hasCode, LogError } from '../log-error.ts';
import type { CommittedTree, Head } from '../ports/index.ts';
import { continues } from '../reading/continues.ts';
import { loadEdge } from '../reading/load-edge.ts';
import { AnswerAhead } from './ahead/answer-ahead.ts';
import { leavesOf } from './leaves-of.ts';
import { crowded, GLANCE_MS, GLANCES } from './publishing/cadence.ts';
import { publishedLine } from './publishing/last-checkpoint.ts';
import { type Published, publishTree } from './publishing/publish.ts';
import { Slot } from './publishing/slot.ts';
import { type Ended, TheEnd } from './publishing/the-end.ts';
import type { Upstream } from './upstream.ts';
import { Wake } from './wake.ts';
import { sameTree, wentBack } from './went-back.ts';

/**
 * Second and third stage: integrate what is sequenced, then publish it. One loop, one writer of the edge.
 * Recovery runs the very same steps before the log listens.
 */
export class Pipeline {
  readonly wake: Wake = new Wake();
  readonly #state: EngineState;
  readonly #backlog: Backlog;
  readonly #upstream: Upstream;
  readonly #slot: Slot;
  readonly #ahead: AnswerAhead | undefined;
  #lastStart = Number.NEGATIVE_INFINITY;
  /** When the published checkpoint is cosigned again, in monotonic milliseconds. */
  #cosignAt: number;
  /** Enough witnesses have cosigned what is published; always where there are none. */
  #isCosigned = true;
  /** Who waits for the last checkpoint. */
  readonly #end = new TheEnd();

  constructor(state: EngineState, backlog: Backlog, upstream: Upstream) {
    this.#state = state;
    this.#backlog = backlog;
    this.#upstream = upstream;
    this.#slot = new Slot(state);
    this.#ahead = this.#answersAhead();
    this.#cosignAt = this.#firstCosigning();
  }

  /** Runs until the log closes and everything sequenced is published, or until it fails. */
  async run(): Promise<void> {
    const { deps, stop } = this.#state;
    while (!stop.signal.aborted) {
      // Other replicas may never rest: what they sequence is theirs to publish.
      if (this.#upstream.ended() && this.#backlog.isAnswered && !this.#state.ahead.isAny) return;
      if (this.#ahead?.isDue === true) {
        await this.#answerAhead(this.#ahead);
        continue;
      }
      if (!this.#hasWork()) {
        await this.#idle();
        continue;
      }
      const wait = Math.max(this.#lastStart + this.#pause() - deps.clock.monotonicMs(), this.#slotIn);
      if (wait > 0) {
        await this.wake.waitAtMost(wait, deps.clock);
        continue;
      }
      await this.#guarded();
    }
  }

  /** Integrates everything that is sequenced, without publishing: recovery's half. Returns how many entries were added. */
  async replay(): Promise<number> {
    const from = this.#state.committed.size;
    while (this.#state.committed.size < this.#state.next) await this.#step();
    return this.#state.committed.size - from;
  }

  /** Publishes the committed tree if it is not yet, or not cosigned as it is to be. */
  async publish(): Promise<void> {
    const { deps, stop, stalls, shape } = this.#state;
    // Whoever has the slot stores its checkpoint in a moment, which may cover all that somebody here waits for.
    let glances = this.#backlog.isAnswered ? 0 : GLANCES;
    while (this.#isUnpublished || this.#cosignIn <= 0) {
      const started = deps.clock.monotonicMs();
      const { lastLine } = this.#state;
      const how = { signal: stop.signal, shape, again: !this.#isUnpublished, lastLine };
      const last = { note: this.#state.publication.note, version: this.#state.version };
      const done = await stalls.untilRoom('publish', stop.signal, () =>
        publishTree(deps, this.#state.committed, last, how),
      );
      if (done === 'outrun') {
        await this.#catchUp();
        continue;
      }
      if ('laterMs' in done) {
        this.#slot.taken();
        this.#slot.later(done.laterMs);
        await this.#takeOver(done.found, started);
        // Others have to be answered meanwhile.
        if (this.#ahead !== undefined && this.#state.recovered) return;
        if (glances > 0 && done.laterMs > GLANCE_MS) {
          glances -= 1;
          await deps.clock.sleep(GLANCE_MS, stop.signal);
        } else await this.#takeTurn(done.laterMs);
        continue;
      }
      if ('held' in done) {
        await this.#holdOn(done.held);
        continue;
      }
      await this.#published(done, started);
    }
  }

  async #published(done: Published, started: number): Promise<void> {
    this.#state.stalls.leave('witness');
    this.#cosignLater(done.enough);
    this.#slot.published(done.ours);
    this.#state.publication = done.publication;
    this.#state.version = done.stored.version;
    this.#state.ahead.published(done.publication.tree.size);
    this.#end.published(done);
    await this.#upstream.published(started);
  }

  /** The slot is somebody else's: what they published may be all that somebody here waits for. */
  async #takeOver(found: Published | undefined, started: number): Promise<void> {
    if (found !== undefined && found.publication.tree.size > this.#state.publication.tree.size)
      await this.#published(found, started);
  }

  #answersAhead(): AnswerAhead | undefined {
    const { options, deps } = this.#state;
    if (options.answerAt !== 'signed' || deps.signedCheckpoints === undefined) return undefined;
    return new AnswerAhead(this.#state, this.#backlog, this.#slot, deps.signedCheckpoints, {
      integrate: () => this.#integrateAll(),
      goOnFrom: (head) => this.#goOnFrom(head),
      published: (done, started) => this.#published(done, started),
      takeOver: (found, started) => this.#takeOver(found, started),
      answered: (started) => this.#upstream.answered(started),
    });
  }

  /** The next round of answers ahead of publication, when its time has come. */
  async #answerAhead(ahead: AnswerAhead): Promise<void> {
    if (ahead.waitMs > 0) return this.wake.waitAtMost(ahead.waitMs, this.#state.deps.clock);
    await ahead.answer().catch((error: unknown) => void this.#state.fail(error, 'integration failed'));
  }

  /**
   * Resolves when the last checkpoint of a frozen log is published. Where too few have cosigned that, they are asked once
   * more. Never resolves for a log that was not frozen, or that stopped before.
   */
  ended(): Promise<Ended> {
    const { publication, lastLine } = this.#state;
    const isPublished = lastLine !== undefined && !this.#isUnpublished;
    if (isPublished && this.#isCosigned) return Promise.resolve({ publication, enough: true, detail: undefined });
    const ended = this.#end.wait();
    if (isPublished) this.#cosignAt = Number.NEGATIVE_INFINITY;
    this.wake.wake();
    return ended;
  }

  /** Another replica published more than this one's edge holds. */
  get #isOutrun(): boolean {
    return this.#state.publication.tree.size > this.#state.committed.size;
  }

  /** Published is less than the tree, or what does not say that the tree is the last one although it is. */
  get #isUnpublished(): boolean {
    const { publication, committed, lastLine } = this.#state;
    if (publication.tree.size < committed.size) return true;
    return lastLine !== undefined && publishedLine(publication.note) === undefined;
  }

  #hasWork(): boolean {
    const { next, committed } = this.#state;
    return next > committed.size || this.#isUnpublished || this.#cosignIn <= 0 || this.#isFrozenUnseen;
  }

  /** An append was refused, and what else the freeze means was not read yet. */
  get #isFrozenUnseen(): boolean {
    const { frozen, frozenAtMs } = this.#state;
    return frozen && frozenAtMs === undefined;
  }

  /** Until there is work, or a checkpoint is to be cosigned again. */
  async #idle(): Promise<void> {
    const ms = this.#cosignIn;
    if (ms === Number.POSITIVE_INFINITY) await this.wake.wait();
    else await this.wake.waitAtMost(ms, this.#state.deps.clock);
  }

  /** Milliseconds until the published checkpoint is to be cosigned again. The last one stays, once enough have cosigned it. */
  get #cosignIn(): number {
    const { deps, frozen, lastLine } = this.#state;
    const stays = frozen && (this.#isCosigned || lastLine === undefined);
    return stays ? Number.POSITIVE_INFINITY : this.#cosignAt - deps.clock.monotonicMs();
  }

  /**
   * A log that waits for its witnesses opens with what they have cosigned: what is stored may be older than they are.
   * Another one does not keep anybody waiting for it.
   */
  #firstCosigning(): number {
    const { deps, publication, options } = this.#state;
    if (deps.witnesses === undefined) return Number.POSITIVE_INFINITY;
    const enough = deps.witnesses.isEnough(publication.note);
    this.#isCosigned = enough;
    if (!enough && deps.witnesses.failClosed) return Number.NEGATIVE_INFINITY;
    return deps.clock.monotonicMs() + (enough ? options.cosign.againMs : options.cosign.lackingMs);
  }

  #cosignLater(enough: boolean): void {
    const { deps, options } = this.#state;
    if (deps.witnesses === undefined) return;
    this.#isCosigned = enough;
    const { againMs, lackingMs } = options.cosign;
    this.#cosignAt = deps.clock.monotonicMs() + (enough ? againMs : lackingMs);
  }

  /** Too few cosigned. What is published already stays; else nothing is until they do, and nobody is let in meanwhile. */
  async #holdOn(why: string): Promise<void> {
    const { deps, stop, stalls, options, publication } = this.#state;
    if (!this.#isUnpublished && deps.witnesses?.isEnough(publication.note) === true) {
      this.#cosignLater(false);
      return;
    }
    stalls.enter('witness', why);
    await deps.clock.sleep(options.retry.lastMs, stop.signal);
  }

  /**
   * The cadence: at once when every known waiter is in, else the interval, which grows with a crowd; never faster than the
   * medium allows, for which replicas have their slots.
   */
  #pause(): number {
    const { deps, options } = this.#state;
    // A checkpoint for each entry would be a round of all witnesses for each.
    const atOnce = deps.witnesses === undefined && this.#upstream.allIn();
    const own = atOnce ? 0 : crowded(options.publishIntervalMs, this.#upstream.waiting());
    if (this.#slot.isShared) return this.#ahead === undefined ? own : 0;
    return Math.max(own, deps.checkpoints.minIntervalMs);
  }

  async #guarded(): Promise<void> {
    this.#lastStart = this.#state.deps.clock.monotonicMs();
    try {
      if (!(await this.#takesTurn())) return;
      await this.#integrateAll();
      await this.publish();
    } catch (error) {
      this.#state.fail(error, 'integration failed');
    }
  }

  /** Integrates what is sequenced when it is this replica's turn; in `waitMs` where there is no other. */
  async #takeTurn(waitMs: number): Promise<void> {
    if (this.#slot.isShared) {
      const { head, isTaken } = await this.#slot.turn();
      await this.#goOnFrom(head);
      if (isTaken) return;
    } else await this.#state.deps.clock.sleep(waitMs, this.#state.stop.signal);
    await this.#integrateAll();
  }

  /** Waits for this replica's turn, where there are others; whoever has answers to give meanwhile only looks whether it is. */
  async #takesTurn(): Promise<boolean> {
    if (!this.#slot.isShared) return true;
    if (this.#ahead !== undefined) return this.#ahead.takesTurn();
    const { head, isTaken } = await this.#slot.turn();
    await this.#goOnFrom(head);
    // What the other one published may be all that somebody here waits for.
    if (isTaken) await this.publish();
    return !isTaken;
  }

  /** Until the slot is free, milliseconds, where nobody may be kept waiting for it. */
  get #slotIn(): number {
    return this.#ahead === undefined ? 0 : this.#slot.freeInMs;
  }

  async #integrateAll(): Promise<void> {
    if (this.#isFrozenUnseen) await this.#catchUp();
    const goal = this.#state.next;
    while (this.#state.committed.size < goal) await this.#step();
    this.#slot.integrated();
  }

  /** One step, or what others did instead. */
  async #step(): Promise<void> {
    try {
      await this.#integrateStep();
    } catch (error) {
      if (!hasCode(error, 'not-found')) throw error;
      await this.#lostRaceOr(
        new LogError('corrupt', `${error.message}: put it back from a backup or a mirror`, {
          path: error.path ?? 'tile',
          cause: error,
        }),
      );
    }
  }

  /**
   * One step, in order:
   * 1. objects are created: create-only, a function of the durable entries alone. A crash now leaves correct garbage;
   * 2. objects are synced: whatever a checkpoint will cover survives power loss;
   * 3. (size, root) advances by compare-and-set: COMMIT POINT of integration. Only now is the edge swapped.
   */
  async #integrateStep(): Promise<void> {
    const { deps, options, stop, stalls } = this.#state;
    const started = deps.clock.monotonicMs();
    // Our edge is stale, and what is published must be a part of the next.
    if (this.#isOutrun) return this.#catchUp();
    const edge = this.#state.edge;
    const leaves = await this.#nextLeaves();
    if (leaves === undefined) return;
    const step = integrate(edge, leaves, this.#backlog.oldest ?? edge.tree.size);
    this.#state.partials.wrote(step.writes);
    await stalls.untilRoom('integrate', stop.signal, () => this.#store(step));
    const committed = await stalls.untilRoom('integrate', stop.signal, () =>
      deps.sequence.advance(this.#state.committed, step.tree),
    );
    if (committed === 'lost') return this.#catchUp();
    this.#state.edge = step.edge;
    this.#state.committed = committed;
    this.#backlog.integrated(committed.size);
    const ms = deps.clock.monotonicMs() - started;
    deps.events.emit({ type: 'integrated', from: edge.tree.size, to: committed.size, objects: step.writes.length, ms });
    if (options.step.maxEntries < this.#state.next - committed.size) await deps.clock.turn();
  }

  async #store(step: Integration): Promise<void> {
    const { objects } = this.#state.deps;
    const created = await Promise.allSettled(step.writes.map((write) => objects.create(write.path, write.bytes)));
    const failures = created.filter((outcome) => outcome.status === 'rejected');
    // What cannot be cured goes first: want of room is tried again, and what is gone may be a lost race.
    const worst =
      failures.find(({ reason }) => !hasCode(reason, 'storage-full', 'not-found')) ??
      failures.find(({ reason }) => !hasCode(reason, 'storage-full')) ??
      failures[0];
    if (worst !== undefined) throw worst.reason;
    await objects.sync();
  }

  /** What continues the edge: from memory where this process sequenced it, else from the sequence store. */
  async #nextLeaves(): Promise<Leaves | undefined> {
    const { deps, options, committed } = this.#state;
    const own = this.#backlog.takeFrom(committed.size, options.step);
    if (own.length > 0) return joinLeaves(own);
    const pending = await deps.sequence.pending({ entries: options.step.maxEntries, bytes: options.step.maxBytes });
    const first: number | undefined = pending.batches[0]?.first;
    if (first === committed.size) return leavesOf(pending.batches);
    await this.#lostRaceOr(
      new LogError(
        'corrupt',
        `entries ${committed.size} to ${this.#state.next} are sequenced, but the sequence store does not hold them`,
      ),
    );
    return undefined;
  }

  /** What is missing was taken away behind another replica's progress; where the tree has not moved, it is damage. */
  async #lostRaceOr(damage: LogError): Promise<void> {
    const head = await this.#state.deps.sequence.head();
    if (head.tree.size === this.#state.committed.size) throw damage;
    await this.#goOnFrom(head);
  }

  /** Another replica moved the tree: our edge is stale, never wrong. It is read anew from what is durable. */
  async #catchUp(): Promise<void> {
    await this.#goOnFrom(await this.#state.deps.sequence.head());
  }

  async #goOnFrom(head: Head): Promise<void> {
    // Where more is published than the state shows, that is looked into, not waited out.
    if (!sameTree(head.tree, this.#state.committed) || this.#isOutrun) {
      await this.#adopt(head.tree);
      this.#state.partials.othersWrote(head.next);
    }
    this.#state.learn(head);
  }

  async #adopt(tree: CommittedTree): Promise<void> {
    const { deps, shape, known } = this.#state;
    const [edge, goesOn] = await Promise.all([
      loadEdge(deps.objects, tree, shape),
      continues(deps.objects, tree, known, shape),
    ]);
    // Its size alone would not tell: an older copy of the state may have grown beyond what we know.
    if (!goesOn) throw wentBack(known.size, tree.size);
    this.#state.edge = edge;
    this.#state.committed = tree;
    this.#backlog.integrated(tree.size);
  }
}
