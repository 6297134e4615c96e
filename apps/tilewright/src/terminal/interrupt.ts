/** The part of a process that sends interrupts and can end. */
export interface Interruptible {
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(status: number): void;
}

/** Interrupts closer together than this are one: npm passes on the Ctrl-C that the terminal already sent. */
const ONE_PRESS_MS = 400;

/** A signal that fires at the first SIGINT or SIGTERM. The second ends the process at once with status 1. */
export function interruptSignal(target: Interruptible, nowMs: () => number): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const interrupted = (): void => {
    if (first === undefined) {
      first = nowMs();
      controller.abort();
    } else if (nowMs() - first > ONE_PRESS_MS) {
      target.exit(1);
    }
  };
  target.on('SIGINT', interrupted);
  target.on('SIGTERM', interrupted);
  return controller.signal;
}
