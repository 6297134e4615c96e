import { main } from '../main.ts';
import { interruptSignal } from './interrupt.ts';
import { processIo } from './process-io.ts';

/** What the `tilewright` executable does: one command line on the real process, which it ends. */
export async function program(argv: readonly string[]): Promise<void> {
  const signal = interruptSignal(process, () => performance.now());
  // Output is written synchronously, so nothing is lost, and no forgotten handle can keep a finished command alive.
  process.exit(await main(argv, processIo(signal)));
}
