import { CoreError, type CoreErrorCode } from '@tilewright/core/error';
import { BrokenRule } from '../../run/broken-rule.ts';

/** A rule that a decoder may say was broken. */
export interface Refusal {
  readonly name: string;
  readonly code: CoreErrorCode;
  /** The whole message, as the source of a regular expression: whatever it repeats of the input is bounded here. */
  readonly message: string;
}

/** One row of a list of refusals. */
export function refusal(name: string, code: CoreErrorCode, message: string): Refusal {
  return { name, code, message };
}

/** The refusals of a part, as a decoder of the whole tells them: with what stands before their messages. */
export function inPart(label: string, prefix: string, refusals: readonly Refusal[]): Refusal[] {
  return refusals.map(({ name, code, message }) => ({
    name: `${label}: ${name}`,
    code,
    message: `${prefix}${message}`,
  }));
}

/** All but those of these names: rules that a part has, and the whole cannot break. */
export function without(refusals: readonly Refusal[], ...names: readonly string[]): Refusal[] {
  for (const name of names) {
    if (!refusals.some((one) => one.name === name)) throw new RangeError(`there is no refusal '${name}' to leave out`);
  }
  return refusals.filter(({ name }) => !names.includes(name));
}

const MOST_CHARACTERS = 400;

/** Finds the rule that an error names. */
export type RefusalReader = (error: unknown) => string;

/** Reads errors by this list. Throws {@link BrokenRule} for any error that is not in it, and for whatever is no CoreError. */
export function refusalReader(refusals: readonly Refusal[]): RefusalReader {
  const rows = refusals.map(({ name, code, message }) => ({
    name,
    code,
    pattern: new RegExp(`^(?:${message})$`, 'u'),
  }));
  return (error) => {
    if (!(error instanceof CoreError)) throw error;
    const { code, message } = error;
    if (message.length > MOST_CHARACTERS) throw new BrokenRule(`a message of ${message.length} characters`);
    const row = rows.find((one) => one.code === code && one.pattern.test(message));
    if (row === undefined) throw new BrokenRule(`refused for a reason that nobody listed: ${code}: ${message}`);
    return row.name;
  };
}
