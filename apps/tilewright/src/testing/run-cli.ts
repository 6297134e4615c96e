import type { ExitStatus } from '../cli/exit-status.ts';
import { main } from '../main.ts';

/** What a command line did. */
export interface CliResult {
  readonly status: ExitStatus;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process. */
export async function runCli(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await main(argv, {
    out: (line) => void out.push(`${line}\n`),
    err: (line) => void err.push(`${line}\n`),
    progress: (text) => void err.push(text),
    stderrIsTerminal: false,
    env,
    signal,
  });
  return { status, out: out.join(''), err: err.join('') };
}
