import type { CommandLine } from './command-line.ts';
import { readEnvironment } from './environment.ts';
import { environmentName, type FlagTable, type FlagValues } from './flag-table.ts';
import { defaultValue, parseFlagValue } from './flag-value.ts';
import { readYamlFlags } from './yaml-file.ts';

/** Where a value came from; the first that has one wins. */
export type FlagSource = 'flag' | 'environment' | 'file' | 'default';

/** A command's settings, and all that is wrong with them. `values` holds defaults where a value is wrong. */
export interface ResolvedFlags<T extends FlagTable> {
  readonly values: FlagValues<T>;
  readonly source: (name: keyof T & string) => FlagSource;
  /** Whether a usable value stands there: a check of several flags skips those that are wrong already. */
  readonly usable: (...names: readonly (keyof T & string)[]) => boolean;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** The other places that flags are read from, for a command that has them. */
export interface OtherSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of the file that `--config` names. Throws an `Error` with a sentence when it cannot be read. */
  readonly readConfig: (path: string) => string;
}

/** Command line over environment over configuration file over defaults. */
export function resolveFlags<T extends FlagTable>(table: T, line: CommandLine, other?: OtherSources): ResolvedFlags<T> {
  const problems = [...line.problems];
  const environment = other && readEnvironment(table, other.env);
  const config = line.given.get('config')?.at(-1) ?? environment?.given.get('config')?.at(-1);
  const file = new Map<string, readonly string[]>();
  if (other && config !== undefined) {
    try {
      const read = readYamlFlags(table, other.readConfig(config));
      problems.push(...read.problems.map((problem) => `${config}: ${problem}`));
      for (const [name, texts] of read.given) file.set(name, texts);
      if (file.delete('config')) problems.push(`${config}: config: a configuration file cannot name another one`);
    } catch (error) {
      problems.push(`--config ${config}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const sources = new Map<string, FlagSource>();
  const broken = new Set<string>();
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(table)) {
    const places: readonly (readonly [FlagSource, string, readonly string[] | undefined])[] = [
      ['flag', `--${name}`, line.given.get(name)],
      ['environment', environmentName(name), environment?.given.get(name)],
      ['file', `${config}: ${name}`, file.get(name)],
    ];
    values[name] = defaultValue(flag);
    const place = places.find(([, , texts]) => texts !== undefined);
    if (place === undefined) {
      if (flag.required) {
        problems.push(`--${name} must be set`);
        broken.add(name);
      }
      continue;
    }
    const [source, label, texts = []] = place;
    sources.set(name, source);
    const parsed = parseFlagValue(flag, texts);
    if (parsed.ok) values[name] = parsed.value;
    else {
      problems.push(`${label}: ${parsed.problem}`);
      broken.add(name);
    }
  }
  return {
    values: Object.freeze(values) as FlagValues<T>,
    source: (name) => sources.get(name) ?? 'default',
    usable: (...names) => names.every((name) => !broken.has(name)),
    problems,
    warnings: environment?.warnings ?? [],
  };
}
