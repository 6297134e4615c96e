/** What the module inside the server reads from its control file. */
export interface Control {
  /** Grows with each change. */
  readonly generation: number;
  /** Added to the time of day, milliseconds. */
  readonly clockShiftMs: number;
  /** Longest that a sync waits before it begins, milliseconds; a write waits a fiftieth. 0 for not at all. */
  readonly syncDelayMs: number;
}

/** What a thread of the server says when it has read a new control. */
export interface Acknowledgement {
  readonly generation: number;
  /** Its time of day. */
  readonly nowMs: number;
  /** Calls that it has delayed since it began. */
  readonly delayedCalls: number;
}

/** Nothing is wrong. */
export const CALM: Control = { generation: 0, clockShiftMs: 0, syncDelayMs: 0 };
