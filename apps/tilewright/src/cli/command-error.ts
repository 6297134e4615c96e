/** Which way a command ended badly: each has one exit status. */
export type CommandErrorCode =
  /** The command line or the configuration is wrong. */
  | 'usage'
  /** The start was refused: port, key, origin, lock, format. Nothing was changed. */
  | 'refused'
  /** The check or the operation failed, or damage was found. */
  | 'failed';

/** Every failure that a command reports by itself. The message says what to do, one line for each finding. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: CommandErrorCode;
  readonly findings: readonly string[];

  constructor(code: CommandErrorCode, findings: string | readonly string[], options?: ErrorOptions) {
    const all = typeof findings === 'string' ? [findings] : findings;
    super(all.join('\n'), options);
    this.code = code;
    this.findings = all;
  }
}
