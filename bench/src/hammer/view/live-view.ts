/** Where a view is drawn. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Characters of a line. */
  readonly columns: number;
  write(text: string): void;
}

/** Says how far something is. */
export interface LiveView {
  /** A line that stays. */
  say(line: string): void;
  /** What there is now: `lines` is asked only when something is shown. */
  update(lines: () => readonly string[], nowMs: number): void;
  /** Lets the last lines stand. */
  end(): void;
}

const LINES_MS = 2_000;

/** On a terminal a few lines that are drawn again in their place; elsewhere the first and the last every two seconds. */
export function liveView(screen: Screen, nowMs: number): LiveView {
  return screen.isTerminal ? terminalView(screen) : plainView(screen, nowMs);
}

function terminalView(screen: Screen): LiveView {
  let drawn = 0;
  // Up to the first line of the last drawing, and all below it cleared.
  const clear = (): string => (drawn === 0 ? '' : `\x1b[${drawn}A\r\x1b[J`);
  return {
    say(line) {
      screen.write(`${clear()}${line}\n`);
      drawn = 0;
    },
    update(lines) {
      // A line that wraps would take two.
      const shown = lines().map((line) => [...line].slice(0, Math.max(1, screen.columns - 1)).join(''));
      screen.write(`${clear()}${shown.join('\n')}\n`);
      drawn = shown.length;
    },
    end() {
      drawn = 0;
    },
  };
}

function plainView(screen: Screen, startMs: number): LiveView {
  let last = startMs;
  return {
    say: (line) => screen.write(`${line}\n`),
    update(lines, nowMs) {
      if (nowMs - last < LINES_MS) return;
      last = nowMs;
      const shown = lines();
      screen.write(`${[shown[0], ...shown.slice(1).slice(-1)].join('; ')}\n`);
    },
    end() {},
  };
}
