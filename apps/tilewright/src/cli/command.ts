import type { FlagTable } from '../flags/flag-table.ts';
import type { ResolvedFlags } from '../flags/resolve-flags.ts';
import type { Io } from '../terminal/io.ts';
import type { ExitStatus } from './exit-status.ts';

/** What `--help` says of a command and how its words are read. */
export interface CommandHelp {
  /** The words that name it, e.g. `log fsck`. */
  readonly name: string;
  /** The line in the list of commands. */
  readonly summary: string;
  /** What a reader who has never seen it must know; paragraphs separated by empty lines. */
  readonly description: string;
  /** The words after the name in the usage line, e.g. `<bundle> <file> [flags]`. */
  readonly usage: string;
  /** Command lines that work as they stand. */
  readonly examples: readonly string[];
  /** How many words it takes besides flags. */
  readonly args: { readonly min: number; readonly max: number };
  readonly flags: FlagTable;
  /** Flags of other programs, with the reason why they are not accepted. */
  readonly refused?: Readonly<Record<string, string>>;
  /** Whether flags are read from the environment and from a file too. */
  readonly configurable?: true;
}

/** A command: its help, and what it does with words and flags that were already checked. */
export interface Command extends CommandHelp {
  run(input: CommandInput, io: Io): Promise<ExitStatus>;
}

/** The checked words of a command line. */
export interface CommandInput {
  readonly args: readonly string[];
  readonly resolved: ResolvedFlags<FlagTable>;
}

/** What {@link defineCommand} makes a command of: the same, with values typed by its own table. */
export interface CommandDefinition<T extends FlagTable> extends CommandHelp {
  readonly flags: T;
  run(input: { readonly args: readonly string[]; readonly resolved: ResolvedFlags<T> }, io: Io): Promise<ExitStatus>;
}

/** Ties a command's code to the types of its flags. */
export function defineCommand<const T extends FlagTable>(definition: CommandDefinition<T>): Command {
  return {
    ...definition,
    run: (input, io) =>
      // The caller resolved exactly this definition's table, so the values have its types.
      definition.run({ args: input.args, resolved: input.resolved as unknown as ResolvedFlags<T> }, io),
  };
}
