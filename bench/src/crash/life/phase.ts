/** How far a server's life has come, for clients that work beside it. */
export interface Phase {
  /** Fires before the server is told to end, or killed: from here on refusals and broken connections are natural. */
  readonly ending: AbortSignal;
  /** Fires when it is killed: no more work. */
  readonly gone: AbortSignal;
}
