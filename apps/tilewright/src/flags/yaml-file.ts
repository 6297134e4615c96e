import { parseDocument } from 'yaml';
import type { Flag, FlagTable } from './flag-table.ts';
import { didYouMean } from './nearest.ts';

/** Texts by flag that a configuration file gives, and every mistake in it. */
export interface YamlFlags {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly problems: readonly string[];
}

/** A configuration file is a page of text; more is a wrong file. */
const MAX_LENGTH = 1 << 20;

/** Reads a configuration file: one map, whose keys are flag names and whose values are scalars, or lists where the flag is one. */
export function readYamlFlags(table: FlagTable, text: string): YamlFlags {
  const given = new Map<string, readonly string[]>();
  const problems: string[] = [];
  if (text.length > MAX_LENGTH) return { given, problems: ['is longer than 1 MiB'] };
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    return { given, problems: document.errors.map((error) => error.message.split('\n')[0] ?? 'is not YAML') };
  }
  const root: unknown = document.toJS();
  if (root === null || root === undefined) return { given, problems };
  if (typeof root !== 'object' || Array.isArray(root))
    return { given, problems: ['must be a map of flag names to values'] };
  for (const [key, value] of Object.entries(root)) {
    const flag = Object.hasOwn(table, key) ? table[key] : undefined;
    if (flag === undefined) {
      problems.push(`unknown key "${key.slice(0, 80)}"${didYouMean(key, Object.keys(table))}`);
      continue;
    }
    const texts = toTexts(flag, value);
    if (typeof texts === 'string') problems.push(`${key}: ${texts}`);
    else given.set(key, texts);
  }
  return { given, problems };
}

/** The texts that the same value would be on the command line, or what is wrong with it. */
function toTexts(flag: Flag, value: unknown): readonly string[] | string {
  if (value === null) return 'has no value';
  if (Array.isArray(value)) {
    if (flag.type !== 'list' && flag.type !== 'repeated') return 'takes one value, not a list';
    return value.every((item) => typeof item === 'string') ? value : 'takes a list of strings';
  }
  if (typeof value === 'string') return [value];
  // A bare 0123 or 1e5 is a number to YAML and has lost its spelling, so a text must be quoted.
  if (typeof value === 'number')
    return flag.type === 'int' ? [String(value)] : 'is a number here: put it in quotes, with its unit if it has one';
  if (typeof value === 'boolean')
    return flag.type === 'bool' ? [String(value)] : 'is true or false here: put it in quotes';
  return 'must be a single value';
}
