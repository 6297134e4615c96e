import type { Flag } from '../flags/flag-table.ts';
import type { CommandHelp } from './command.ts';

const WIDTH = 100;
const DEFAULT_GROUP = 'Flags';
const FROM_ENVIRONMENT_AND_FILE =
  'Each flag can also stand in the environment (--http-port is TILEWRIGHT_HTTP_PORT) or, under its own name, in the YAML file that --config names. Flags win over the environment, the environment over the file, the file over the defaults.';
const FROM_ENVIRONMENT =
  'Each flag can also stand in the environment (--signer-password is TILEWRIGHT_SIGNER_PASSWORD); the command line wins.';
const EXIT_STATUS =
  'Exit status: 0 done; 1 the check or operation failed; 2 wrong usage or configuration, or a refused start.';

/** The text of `tilewright <command> --help`. */
export function commandHelp(command: CommandHelp): string {
  const parts = [
    command.description
      .split('\n\n')
      .map((paragraph) => wrap(paragraph, WIDTH, ''))
      .join('\n\n'),
    `Usage:\n  tilewright ${command.name} ${command.usage}`,
  ];
  if (command.examples.length > 0) parts.push(`Examples:\n${command.examples.map((line) => `  ${line}`).join('\n')}`);
  parts.push(...flagGroups(command));
  if (command.configurable)
    parts.push(wrap('config' in command.flags ? FROM_ENVIRONMENT_AND_FILE : FROM_ENVIRONMENT, WIDTH, ''));
  parts.push(wrap(EXIT_STATUS, WIDTH, ''));
  return parts.join('\n\n');
}

function flagGroups(command: CommandHelp): string[] {
  const groups = new Map<string, string[]>();
  for (const [name, flag] of Object.entries(command.flags)) {
    const group = flag.group ?? DEFAULT_GROUP;
    groups.set(group, [...(groups.get(group) ?? []), flagHelp(name, flag)]);
  }
  const shared = groups.get(DEFAULT_GROUP) ?? [];
  shared.push('  --help\n      Show this text.');
  groups.delete(DEFAULT_GROUP);
  groups.set(DEFAULT_GROUP, shared);
  return [...groups].map(([group, lines]) => `${group}:\n${lines.join('\n')}`);
}

function flagHelp(name: string, flag: Flag): string {
  const placeholder = flag.type === 'bool' ? '' : ` ${flag.placeholder ?? placeholderOf(flag)}`;
  const notes = [flag.required ? 'required' : '', shownDefault(flag)].filter((note) => note !== '');
  const text = notes.length === 0 ? flag.help : `${flag.help} (${notes.join('; ')})`;
  return `  --${name}${placeholder}\n${wrap(text, WIDTH, '      ')}`;
}

function placeholderOf(flag: Flag): string {
  if (flag.type === 'string') return flag.choices?.join('|') ?? 'TEXT';
  if (flag.type === 'int') return 'NUMBER';
  if (flag.type === 'duration') return 'DURATION';
  return flag.type === 'list' ? 'A,B,...' : 'TEXT';
}

/** How `--help` and docs/flags.md show a default; nothing when there is none to show. */
export function shownDefault(flag: Flag): string {
  if (flag.type === 'repeated') return 'may be repeated';
  if (flag.type === 'bool') return flag.default ? 'default true' : '';
  if (flag.type === 'list') return flag.default.length === 0 ? '' : `default ${flag.default.join(', ')}`;
  return flag.default === undefined ? '' : `default ${flag.default}`;
}

/** Breaks a text into lines of at most `width` characters, each after `indent`. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line !== indent && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
