import { readFileSync } from 'node:fs';
import { parseCommandLine } from '../flags/command-line.ts';
import { resolveFlags } from '../flags/resolve-flags.ts';
import type { Io } from '../terminal/io.ts';
import type { Command } from './command.ts';
import { CommandError } from './command-error.ts';
import type { ExitStatus } from './exit-status.ts';
import { commandHelp } from './help.ts';

/** Reads a command's words and runs it; whatever goes wrong becomes lines on standard error and an exit status. */
export async function runCommand(command: Command, words: readonly string[], io: Io): Promise<ExitStatus> {
  const line = parseCommandLine(command.flags, words, command.refused);
  if (line.help) {
    io.out(commandHelp(command));
    return 0;
  }
  const other = command.configurable && {
    env: io.env,
    readConfig: (path: string): string => new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)),
  };
  const resolved = resolveFlags(command.flags, line, other || undefined);
  const problems = [...resolved.problems, ...wordProblems(command, line.args)];
  try {
    // A configurable command has checks of its own: it reports them together with these.
    if (problems.length > 0 && !command.configurable) throw new CommandError('usage', problems);
    return await command.run({ args: line.args, resolved: { ...resolved, problems } }, io);
  } catch (error) {
    return report(command, error, io);
  }
}

function report(command: Command, error: unknown, io: Io): ExitStatus {
  if (!(error instanceof CommandError)) {
    io.err(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 1;
  }
  for (const finding of error.findings) io.err(`error: ${finding}`);
  if (error.code === 'usage') io.err(`tilewright ${command.name} --help shows the usage`);
  return error.code === 'failed' ? 1 : 2;
}

function wordProblems(command: Command, args: readonly string[]): string[] {
  const { min, max } = command.args;
  if (args.length < min) return [`missing ${command.usage.split(' ').slice(args.length, min).join(' ')}`];
  return args.length > max
    ? [
        `unexpected ${args
          .slice(max)
          .map((word) => `"${word.slice(0, 80)}"`)
          .join(' ')}`,
      ]
    : [];
}
