import { exitOnSignals } from './exit-cleanup.ts';

/**
 * Runs a command's main function and sets the exit status: what it returns; 2 for options that `parseArgs` refuses;
 * 1 for anything else that it throws. Errors are printed as one sentence after the command's name.
 */
export async function runMain(name: string, main: () => Promise<number>): Promise<void> {
  exitOnSignals();
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = error instanceof TypeError && isUsage(error) ? 2 : 1;
  }
}

/** Progress goes to stderr: stdout holds the result alone. */
export function say(line: string): void {
  process.stderr.write(line.endsWith('\n') ? line : `${line}\n`);
}

function isUsage(error: TypeError & { readonly code?: unknown }): boolean {
  return typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS');
}
