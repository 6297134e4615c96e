import type { Hash } from '@tilewright/core/bytes';
import type { WitnessedHead } from './witnessed-head.ts';

/** What a witness remembers: of each log the checkpoint that it cosigned last. Whoever loses it must not go on signing. */
export interface WitnessState {
  /**
   * Reads, decides and stores in one step (tlog-witness, "add-checkpoint": a witness checks and records atomically). What
   * `work` stored is durable when this returns; when it throws nothing is. `work` is synchronous, because whatever it
   * waited for would let another request decide on what is about to be replaced.
   *
   * @throws WitnessError `state-full`, `state-failed`, `state-corrupt`: nothing may be signed; what `work` throws;
   *   TypeError when `work` gives a promise
   */
  step<T>(work: (step: StateStep) => T): T;
  /** What was stored last for the log. @throws WitnessError as {@link step} */
  head(log: Hash): WitnessedHead | undefined;
  /** What was stored last for every log. @throws WitnessError as {@link step} */
  heads(): WitnessedHead[];
  /** Gives the state free for others; harmless when that was done. */
  close(): void;
}

/** The state within one step. */
export interface StateStep {
  /** What is stored for the log whose id is SHA-256 of its origin. */
  head(log: Hash): WitnessedHead | undefined;
  /** Replaces what is stored for the log of the head. */
  store(head: WitnessedHead): void;
}
