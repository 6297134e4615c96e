import type { EngineState } from '../../engine/engine-state.ts';
import type { Backlog } from '../../intake/backlog.ts';
import type { Head, SignedCheckpoints } from '../../ports/index.ts';
import { lookAtStored, type Published, storeSigned } from '../publishing/publish.ts';
import type { Slot } from '../publishing/slot.ts';
import { signAhead } from './sign-ahead.ts';

/** What the pipeline does for answers that come ahead of publication. */
export interface Pipes {
  /** Integrates everything that is sequenced. */
  integrate(): Promise<void>;
  /** Goes on from what other replicas did. */
  goOnFrom(head: Head): Promise<void>;
  /** A checkpoint is published: by this process, or found. */
  published(done: Published, started: number): Promise<void>;
  /** Another replica published this, which may be news. */
  takeOver(found: Published | undefined, started: number): Promise<void>;
  /** Entries may be answered with a tree that is not published yet. */
  answered(started: number): void;
}

/** How often a tree that others have outrun is left for theirs, before those who wait have to wait for the next round. */
const TRIES = 3;

/**
 * Answers entries as soon as their tree is signed and kept (engine-safety, section 5), where the checkpoint may be replaced
 * only so often. A round integrates what is sequenced and signs it, at most once an interval and only while somebody here
 * waits; a round that finds the slot of publication free publishes what it has signed. When nobody waits, publication goes
 * its own way.
 */
export class AnswerAhead {
  readonly #state: EngineState;
  readonly #backlog: Backlog;
  readonly #slot: Slot;
  readonly #kept: SignedCheckpoints;
  readonly #pipes: Pipes;
  #lastStart = Number.NEGATIVE_INFINITY;

  constructor(state: EngineState, backlog: Backlog, slot: Slot, kept: SignedCheckpoints, pipes: Pipes) {
    this.#state = state;
    this.#backlog = backlog;
    this.#slot = slot;
    this.#kept = kept;
    this.#pipes = pipes;
  }

  /**
   * Somebody waits, and may be answered before publication: not while what was answered before is overdue, and not with the
   * last tree of a frozen log, whose checkpoint says so.
   */
  get isDue(): boolean {
    const { ahead, deps, lastLine } = this.#state;
    const isHeld = lastLine !== undefined || ahead.lateMs(deps.clock.monotonicMs()) !== undefined;
    return !isHeld && this.#backlog.isAwaited;
  }

  /** Whole milliseconds until the next round may begin. */
  get waitMs(): number {
    const { deps, options } = this.#state;
    return Math.ceil(this.#lastStart + options.answerIntervalMs - deps.clock.monotonicMs());
  }

  /** One round. */
  async answer(): Promise<void> {
    const { clock } = this.#state.deps;
    const started = clock.monotonicMs();
    this.#lastStart = started;
    await this.#pipes.integrate();
    for (let tries = 0; tries < TRIES && this.#state.lastLine === undefined; tries++) {
      if ((await this.#sign(started)) !== 'outrun') return;
      await this.#catchUp();
    }
  }

  /**
   * Whether it is this replica's turn to publish. If it is not, what others have published is looked at: it may be all that
   * was answered here.
   */
  async takesTurn(): Promise<boolean> {
    const { deps, stop, shape } = this.#state;
    const started = deps.clock.monotonicMs();
    const { head, isTurn } = await this.#slot.look();
    await this.#pipes.goOnFrom(head);
    if (isTurn) return true;
    const { committed, publication, version } = this.#state;
    const last = { note: publication.note, version };
    const stored = await lookAtStored(deps, committed, last, { signal: stop.signal, shape });
    if (stored !== 'outrun') await this.#pipes.takeOver('publication' in stored ? stored : stored.found, started);
    return false;
  }

  async #catchUp(): Promise<void> {
    await this.#pipes.goOnFrom(await this.#state.deps.sequence.head());
  }

  async #sign(started: number): Promise<'outrun' | 'done'> {
    const { deps, options, stop, stalls, shape, committed, publication, version } = this.#state;
    const last = { note: publication.note, version };
    const how = { signal: stop.signal, shape, aheadMs: options.publishIntervalMs };
    const done = await stalls.untilRoom('publish', stop.signal, () =>
      signAhead(deps, this.#kept, committed, last, how),
    );
    if (done === 'outrun') return done;
    if ('publication' in done) {
      await this.#pipes.published(done, started);
      return 'done';
    }
    const { answer, slot } = done;
    this.#state.ahead.kept(answer, deps.clock.monotonicMs());
    this.#pipes.answered(started);
    if ('laterMs' in slot) {
      this.#slot.later(slot.laterMs);
      await this.#pipes.takeOver(slot.found, started);
      return 'done';
    }
    const stored = await stalls.untilRoom('publish', stop.signal, () =>
      storeSigned(deps, committed, answer.note, slot.expected, last, how),
    );
    if (stored === 'outrun') await this.#catchUp();
    // Nobody holds it: a log that waits for its witnesses answers nobody ahead of them.
    else if (!('held' in stored)) await this.#pipes.published(stored, started);
    return 'done';
  }
}
