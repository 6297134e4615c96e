/** Everything that a command may touch of its process. Tests hand in their own. */
export interface Io {
  /** One line of result on standard output. */
  out(line: string): void;
  /** One line of diagnostics on standard error. */
  err(line: string): void;
  /** Text on standard error as it is: progress that overwrites itself. */
  progress(text: string): void;
  readonly stderrIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires at the first interrupt: commands that wait or work long give up. */
  readonly signal: AbortSignal;
  /** Calls `listener` at each SIGHUP, which ends a process that nobody asked to listen. */
  readonly onHangup?: (listener: () => void) => void;
}
