import { runCommand } from '../command/run-command.ts';
import { CORE_SUITE } from './core-suite.ts';

process.exitCode = await runCommand(CORE_SUITE, process.argv.slice(2));
