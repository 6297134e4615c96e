import type { ExitStatus } from './cli/exit-status.ts';
import { findCommand, overview } from './cli/find-command.ts';
import { runCommand } from './cli/run-command.ts';
import type { Io } from './terminal/io.ts';

/** Runs one `tilewright` command line (without the program's name) and returns its exit status. */
export async function main(argv: readonly string[], io: Io): Promise<ExitStatus> {
  const found = findCommand(argv);
  switch (found.kind) {
    case 'overview':
      if (found.asked) io.out(overview(found.prefix));
      else io.err(overview(found.prefix));
      return found.asked ? 0 : 2;
    case 'unknown':
      io.err(`error: ${found.problem}`);
      return 2;
    case 'command':
      return runCommand(await found.entry.load(), found.rest, io);
  }
}
