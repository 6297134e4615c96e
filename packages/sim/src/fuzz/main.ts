import { runCommand } from '@tilewright/fuzz/command';
import { DISK_SUITE } from './disk-suite.ts';

process.exitCode = await runCommand(DISK_SUITE, process.argv.slice(2));
