import { CommandError } from '../cli/command-error.ts';
import { didYouMean } from '../flags/nearest.ts';

/** The parts of a `--flag "key=value,key=value"`, checked against the keys that the flag knows. */
export type ServiceSpec = ReadonlyMap<string, string>;

/**
 * Splits such a text. Values cannot hold commas, as with cosign.
 * @throws CommandError 'usage' naming the flag
 */
export function parseServiceSpec(
  flag: string,
  text: string,
  required: readonly string[],
  optional: readonly string[],
): ServiceSpec {
  const known = [...required, ...optional];
  const parts = new Map<string, string>();
  const problems: string[] = [];
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const key = (equals < 0 ? part : part.slice(0, equals)).trim();
    const value = equals < 0 ? '' : part.slice(equals + 1).trim();
    if (!known.includes(key)) problems.push(`unknown part "${key.slice(0, 80)}"${didYouMean(key, known)}`);
    else if (parts.has(key)) problems.push(`${key}= is given twice`);
    else if (value === '') problems.push(`${key}= has no value`);
    else parts.set(key, value);
  }
  const missing = required.filter((key) => !parts.has(key));
  if (missing.length > 0 && problems.length === 0)
    problems.push(`${missing.map((key) => `${key}=`).join(' and ')} missing`);
  if (problems.length > 0)
    throw new CommandError(
      'usage',
      problems.map((problem) => `--${flag}: ${problem}`),
    );
  return parts;
}

/** The validity that a spec gives. */
export function specPeriod(spec: ServiceSpec): { readonly start: string; readonly end?: string } {
  const end = spec.get('end-time');
  return { start: spec.get('start-time') ?? '', ...(end === undefined ? {} : { end }) };
}
