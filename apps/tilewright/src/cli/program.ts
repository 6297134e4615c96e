import { main } from '../main.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { Io } from '../terminal/io.ts';
import { processIo } from '../terminal/process-io.ts';
import type { ExitStatus } from './exit-status.ts';

/** Runs a command line on the real process, which it ends with the command's exit status. */
export async function program(
  argv: readonly string[],
  run: (argv: readonly string[], io: Io) => Promise<ExitStatus> = main,
): Promise<void> {
  const signal = interruptSignal(process, () => performance.now());
  // Output is written synchronously, so nothing is lost, and no forgotten handle can keep a finished command alive.
  process.exit(await run(argv, processIo(signal)));
}
