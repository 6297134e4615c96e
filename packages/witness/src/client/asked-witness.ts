import type { NoteVerifier } from '@tilewright/core/note';
import type { ReachableWitness } from './read-policy.ts';

const FIRST_REST_MS = 1_000;
const LAST_REST_MS = 15_000;

/** What is remembered of a witness between rounds; nothing of it is needed for safety. */
export class AskedWitness {
  readonly witness: ReachableWitness;
  readonly verifier: NoteVerifier;
  /** The size that it cosigned last, as far as we know. */
  readonly known: { size: number } = { size: 0 };
  /** A request is still out: a round that needed it no longer did not wait for it. */
  isBusy = false;
  #restMs = FIRST_REST_MS;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(witness: ReachableWitness, verifier: NoteVerifier) {
    this.witness = witness;
    this.verifier = verifier;
  }

  /** Whether it failed so lately that it is left alone: a witness that is down costs a round, not each. */
  isResting(nowMs: number): boolean {
    return nowMs < this.#restsUntil;
  }

  succeeded(): void {
    this.#restMs = FIRST_REST_MS;
  }

  failed(nowMs: number): void {
    this.#restsUntil = nowMs + this.#restMs;
    this.#restMs = Math.min(LAST_REST_MS, 2 * this.#restMs);
  }
}
