import type { Io } from './io.ts';

/** Says how far something is: on a terminal in place, elsewhere a line every few seconds. */
export interface ProgressLine {
  update(text: string): void;
  /** Clears what stands on the terminal. */
  end(): void;
}

const TERMINAL_MS = 100;
const LINES_MS = 5000;

/** A progress line on standard error. */
export function progressLine(io: Io, nowMs: () => number): ProgressLine {
  let last = nowMs();
  let width = 0;
  return {
    update(text) {
      const now = nowMs();
      if (now - last < (io.stderrIsTerminal ? TERMINAL_MS : LINES_MS)) return;
      last = now;
      if (!io.stderrIsTerminal) return io.err(text);
      io.progress(`\r${text.padEnd(width)}`);
      width = Math.max(width, text.length);
    },
    end() {
      if (width > 0) io.progress(`\r${' '.repeat(width)}\r`);
      width = 0;
    },
  };
}
