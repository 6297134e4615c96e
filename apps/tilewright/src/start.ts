import { program } from './cli/program.ts';
import { runCommand } from './cli/run-command.ts';
import { startCommand } from './start/start-command.ts';

// What `npm start` runs: `serve` with defaults that need nothing, and a page that says what to try next.
await program(process.argv.slice(2), (argv, io) => runCommand(startCommand, argv, io));
