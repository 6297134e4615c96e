import { didYouMean } from '../flags/nearest.ts';
import { COMMANDS, type CommandEntry } from './command-list.ts';

/** What the first words of a command line ask for. */
export type Found =
  | { readonly kind: 'command'; readonly entry: CommandEntry; readonly rest: readonly string[] }
  /** The overview of all commands, or of those that start with `prefix`. */
  | { readonly kind: 'overview'; readonly prefix: string; readonly asked: boolean }
  | { readonly kind: 'unknown'; readonly problem: string };

/** Finds the command, of one or two words, that a command line names; `help` before it and `--version` are understood. */
export function findCommand(argv: readonly string[]): Found {
  const [first, second] = argv;
  if (first === 'help') return findCommand([...argv.slice(1), '--help']);
  if (first === '--version') return findCommand(['version', ...argv.slice(1)]);
  if (first === undefined) return { kind: 'overview', prefix: '', asked: false };
  if (first === '--help' || first === '-h') return { kind: 'overview', prefix: '', asked: true };
  const two = COMMANDS.find((entry) => entry.name === `${first} ${second}`);
  if (two !== undefined) return { kind: 'command', entry: two, rest: argv.slice(2) };
  const one = COMMANDS.find((entry) => entry.name === first);
  if (one !== undefined) return { kind: 'command', entry: one, rest: argv.slice(1) };
  const group = COMMANDS.filter((entry) => entry.name.startsWith(`${first} `));
  if (group.length > 0 && (second === undefined || second.startsWith('-'))) {
    return { kind: 'overview', prefix: `${first} `, asked: second === '--help' || second === '-h' };
  }
  const asked = (group.length > 0 ? `${first} ${second}` : first).slice(0, 80);
  const hint = didYouMean(
    asked,
    COMMANDS.flatMap((entry) => (group.length > 0 ? [entry.name] : [entry.name, entry.name.split(' ')[0] ?? ''])),
  );
  return { kind: 'unknown', problem: `unknown command ${asked}${hint}; tilewright --help lists them all` };
}

/** The list of commands, or of one group of them. */
export function overview(prefix: string): string {
  const entries = COMMANDS.filter((entry) => entry.name.startsWith(prefix));
  const width = Math.max(...entries.map((entry) => entry.name.length));
  const lines = entries.map((entry) => `  ${entry.name.padEnd(width)}  ${entry.summary}`);
  const title = 'tilewright runs a private Rekor v2 transparency log, and reads and checks any tiled log.';
  return [
    ...(prefix === '' ? [title, ''] : []),
    `Usage:\n  tilewright ${prefix}<command> [flags]`,
    '',
    'Commands:',
    ...lines,
    '',
    `tilewright ${prefix}<command> --help shows what a command does and all its flags.`,
  ].join('\n');
}
