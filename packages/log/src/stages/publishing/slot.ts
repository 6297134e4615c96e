import type { EngineState } from '../../engine/engine-state.ts';
import type { Head } from '../../ports/index.ts';

/** How long a replica leaves a free slot to the one that published last, milliseconds; up to twice as long. */
const COURTESY_MS = 200;
/** No more than this is begun before the slot is free, milliseconds. */
const MOST_LEAD_MS = 500;

/**
 * Where replicas share a store whose checkpoint may be replaced only so often, one of them is enough for each slot: it
 * publishes for all. The one that did so last goes first; the others leave it a moment, find themselves published, and
 * have neither integrated nor written anything. When it is gone, one of them takes its place. Nothing that is safe
 * depends on it: two that go at once are told apart by the fences.
 */
export class Slot {
  readonly #state: EngineState;
  #ours = true;
  #begunMs = 0;
  #freeAtMs = Number.NEGATIVE_INFINITY;
  /** How long integration took lately: begun so much before the slot is free, it ends when the slot is. */
  #leadMs = 0;

  constructor(state: EngineState) {
    this.#state = state;
  }

  /** Whether replicas have to take turns. */
  get isShared(): boolean {
    const { exclusive, minIntervalMs } = this.#state.deps.checkpoints;
    return exclusive !== true && minIntervalMs > 0;
  }

  /** A checkpoint was published: by this process, or found. */
  published(ours: boolean): void {
    this.#ours = ours;
  }

  /** Another replica has the slot that this one wanted. */
  taken(): void {
    this.#ours = false;
  }

  /** The slot is taken for so long, milliseconds. */
  later(waitMs: number): void {
    // Whole milliseconds: a clock of its own may have no moment as close as a fraction of one.
    this.#freeAtMs = this.#state.deps.clock.monotonicMs() + Math.ceil(waitMs);
  }

  /** Whole milliseconds until the slot is free, as far as this replica knows without asking. */
  get freeInMs(): number {
    return Math.ceil(this.#freeAtMs - this.#state.deps.clock.monotonicMs());
  }

  /** The newest state, and whether it is this replica's turn: for those who have something else to do meanwhile. */
  async look(): Promise<{ readonly head: Head; readonly isTurn: boolean }> {
    const head = await this.#state.deps.sequence.head();
    const { checkpoints } = this.#state.deps;
    const slackMs = Math.max(0, this.#state.options.publishIntervalMs - checkpoints.minIntervalMs);
    const waitMs = this.#waitMs(head, 0) + (head.raisedAgoMs === undefined ? 0 : slackMs);
    if (waitMs > 0) this.later(waitMs);
    return { head, isTurn: waitMs <= 0 };
  }

  /**
   * Resolves with the newest state when it is this replica's turn, or when the log stops. `isTaken` when another one was
   * first while this one waited: what that publishes comes before anything that would be integrated here.
   */
  async turn(): Promise<{ readonly head: Head; readonly isTaken: boolean }> {
    const { deps, stop } = this.#state;
    const head = await deps.sequence.head();
    const wait = this.#waitMs(head, this.#leadMs);
    if (wait > 0) await deps.clock.sleep(wait, stop.signal);
    this.#begunMs = deps.clock.monotonicMs();
    if (wait <= 0) return { head, isTaken: false };
    const now = await deps.sequence.head();
    const isTaken = now.raisedAgoMs !== undefined && now.raisedAgoMs + MOST_LEAD_MS < deps.checkpoints.minIntervalMs;
    if (isTaken) this.#ours = false;
    return { head: now, isTaken };
  }

  /** What was sequenced when the turn came is integrated. */
  integrated(): void {
    this.#leadMs = Math.min(MOST_LEAD_MS, this.#state.deps.clock.monotonicMs() - this.#begunMs);
  }

  #waitMs({ raisedAgoMs }: Head, leadMs: number): number {
    if (raisedAgoMs === undefined) return 0;
    const { checkpoints, entropy } = this.#state.deps;
    const shift = this.#ours ? -leadMs : COURTESY_MS * (1 + entropy.unit());
    return checkpoints.minIntervalMs + shift - raisedAgoMs;
  }
}
