import { shownDefault } from '../cli/help.ts';
import { environmentName, type Flag, type FlagTable } from '../flags/flag-table.ts';
import { otherBackendFlags } from '../serve/config/other-backends.ts';
import { serveFlags } from '../serve/config/settings.ts';

const INTRO = `# Flags of \`tilewright serve\`

Made from the flag table: \`node apps/tilewright/src/docs/write-flags.ts\` writes it again, and a test compares the two.

Every flag of \`rekor-server-posix\` is accepted under its own name with its own meaning, so that the one can take the
other's place. Where a flag differs, the table says so. Each flag can stand in four places; the first that has a value wins:

1. the command line: \`--flag=value\`, \`--flag value\`; a switch is \`--flag\` or \`--flag=false\`; of a repeated flag the last
   one counts, and a repeated list adds up;
2. the environment: the name in the table; an unknown \`TILEWRIGHT_*\` variable is a warning, an empty one is unset;
3. the YAML file that \`--config\` names: a map whose keys are the flags' names; an unknown key is an error;
4. the default.

Durations are written as in Go: \`250ms\`, \`20s\`, \`1m30s\`, \`1.5h\`. Every mistake in all of these places is reported at
once, with exit status 2.`;

/** The text of docs/flags.md. */
export function flagsDocument(): string {
  const all = Object.entries(serveFlags as FlagTable);
  const upstream = all.filter(([, flag]) => flag.upstream === true);
  const cloud = all.filter(([, flag]) => flag.upstream === 'cloud');
  const own = all.filter(([, flag]) => !flag.upstream);
  return [
    INTRO,
    '## Flags of rekor-server-posix',
    table(
      ['Flag', 'Environment', 'Default', 'Meaning', 'Difference'],
      upstream.map(([name, flag]) => [...cells(name, flag), flag.difference ?? 'none']),
    ),
    '## Flags of rekor-server-gcp and rekor-server-aws for the key',
    table(
      ['Flag', 'Environment', 'Default', 'Meaning', 'Difference'],
      cloud.map(([name, flag]) => [...cells(name, flag), flag.difference ?? 'none']),
    ),
    '## Flags of our own',
    table(
      ['Flag', 'Environment', 'Default', 'Meaning'],
      own.map(([name, flag]) => cells(name, flag)),
    ),
    '## Other flags of the other rekor-server binaries',
    'They end the start with exit status 2 and the reason: a setting that somebody asks for is never silently ignored.',
    table(
      ['Flag', 'Reason'],
      Object.entries(otherBackendFlags).map(([name, why]) => [`\`--${name}\``, why]),
    ),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function cells(name: string, flag: Flag): string[] {
  const shown = shownDefault(flag).replace(/^default /, '');
  const standard = flag.required ? 'required' : flag.type === 'bool' ? String(flag.default) : shown;
  return [
    `\`--${name}\``,
    `\`${environmentName(name)}\``,
    standard === '' ? 'none' : standard,
    `${flag.help}${range(flag)}`,
  ];
}

function range(flag: Flag): string {
  if (flag.type === 'int' || flag.type === 'duration') return ` From ${flag.min} to ${flag.max}.`;
  return flag.type === 'string' && flag.choices ? ` One of ${flag.choices.join(', ')}.` : '';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
