/**
 * Tells when a caller stops waiting. An `AbortSignal` is one; a server with thousands of callers may bring something lighter
 * than an event target for each.
 */
export interface Leaving {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** Called once, when the caller leaves. */
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
