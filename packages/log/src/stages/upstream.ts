/** Asks the engine, when the pipeline decides whether to publish at once. */
export interface Upstream {
  /** Every known waiter is in: nothing is announced, queued or on its way to the sequence store. Not when nobody waits. */
  allIn(): boolean;
  /** Entries that were taken in and are not published. */
  waiting(): number;
  /** Intake is closed and the sequencer has ended. */
  ended(): boolean;
  /** A publication is durable. */
  published(started: number): Promise<void>;
  /** A signed checkpoint is kept that entries may be answered with. */
  answered(started: number): void;
}
