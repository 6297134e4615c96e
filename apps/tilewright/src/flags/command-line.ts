import type { FlagTable } from './flag-table.ts';
import { didYouMean } from './nearest.ts';

/** What a command line holds: texts by flag in the order given, the other words, and every mistake. */
export interface CommandLine {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly args: readonly string[];
  readonly help: boolean;
  readonly problems: readonly string[];
}

/**
 * Splits a command line the way pflag does: `--flag=value`, `--flag value`, `--bool`, `--bool=false`, `--` ends the flags,
 * flags and other words may mix. `refused` names flags of other programs with the reason why they are not accepted.
 */
export function parseCommandLine(
  table: FlagTable,
  argv: readonly string[],
  refused: Readonly<Record<string, string>> = {},
): CommandLine {
  const given = new Map<string, string[]>();
  const args: string[] = [];
  const problems: string[] = [];
  let help = false;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      args.push(...argv.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      args.push(word);
      continue;
    }
    if (word === '--help' || word === '-h') {
      help = true;
      continue;
    }
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const flag = word.startsWith('--') && Object.hasOwn(table, name) ? table[name] : undefined;
    if (flag === undefined) {
      problems.push(unknownFlag(table, equals < 0 ? word : word.slice(0, equals), refused));
      if (equals < 0 && argv[i + 1]?.startsWith('-') === false) i++;
      continue;
    }
    let text = equals < 0 ? undefined : word.slice(equals + 1);
    if (text === undefined && flag.type === 'bool') text = 'true';
    if (text === undefined) {
      text = argv[++i];
      if (text === undefined) {
        problems.push(`--${name} needs a value`);
        continue;
      }
    }
    given.set(name, [...(given.get(name) ?? []), text]);
  }
  return { given, args, help, problems };
}

function unknownFlag(table: FlagTable, word: string, refused: Readonly<Record<string, string>>): string {
  const name = word.replace(/^-+/, '');
  if (word.startsWith('--') && Object.hasOwn(refused, name)) return `--${name}: ${refused[name]}`;
  if (!word.startsWith('--') && Object.hasOwn(table, name)) return `${word} is not a flag: write --${name}`;
  return `unknown flag ${word.slice(0, 80)}${didYouMean(name, Object.keys(table), '--')}`;
}
