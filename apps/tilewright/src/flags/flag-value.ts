import { parseDuration } from './duration.ts';
import type { Flag } from './flag-table.ts';

/** A parsed value, or a sentence that says what is wrong with the text. */
export type ParsedValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** Parses what was given for one flag, in the order given: the last wins, except where values add up. */
export function parseFlagValue(flag: Flag, texts: readonly string[]): ParsedValue {
  switch (flag.type) {
    case 'repeated':
      return { ok: true, value: Object.freeze([...texts]) };
    case 'list':
      return { ok: true, value: Object.freeze(texts.flatMap(splitList)) };
    default:
      return parseOne(flag, texts.at(-1) ?? '');
  }
}

function parseOne(flag: Exclude<Flag, { type: 'list' | 'repeated' }>, text: string): ParsedValue {
  switch (flag.type) {
    case 'string':
      if (flag.choices === undefined || flag.choices.includes(text)) return { ok: true, value: text };
      return wrong(flag, text, `is not one of ${flag.choices.join(', ')}`);
    case 'bool':
      if (TRUE.has(text)) return { ok: true, value: true };
      return FALSE.has(text) ? { ok: true, value: false } : wrong(flag, text, 'is neither true nor false');
    case 'int': {
      const value = /^[+-]?\d{1,19}$/.test(text) ? Number(text) : Number.NaN;
      if (Number.isNaN(value)) return wrong(flag, text, `is not a whole number${kubernetesHint(text)}`);
      if (value >= flag.min && value <= flag.max) return { ok: true, value };
      return wrong(flag, text, `is not between ${flag.min} and ${flag.max}`);
    }
    case 'duration': {
      const value = parseDuration(text);
      if (value === undefined) return wrong(flag, text, 'is not a duration such as 250ms, 20s or 1m30s');
      if (value >= milliseconds(flag.min) && value <= milliseconds(flag.max)) return { ok: true, value };
      return wrong(flag, text, `is not between ${flag.min} and ${flag.max}`);
    }
  }
}

/** The value that a flag has when nobody gave one. */
export function defaultValue(flag: Flag): unknown {
  if (flag.type === 'duration') return milliseconds(flag.default);
  if (flag.type === 'repeated') return Object.freeze([]);
  return flag.default;
}

function milliseconds(text: string): number {
  const value = parseDuration(text);
  if (value === undefined) throw new Error(`the flag table holds the bad duration ${text}`);
  return value;
}

function splitList(text: string): string[] {
  return text === '' ? [] : text.split(',').map((part) => part.trim());
}

function wrong(flag: Flag, text: string, why: string): ParsedValue {
  const shown = flag.secret ? 'the value' : `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
  return { ok: false, problem: `${shown} ${why}` };
}

/** Kubernetes gives every pod `<SERVICE>_PORT=tcp://…` variables; a Service called tilewright-http collides with a flag. */
function kubernetesHint(text: string): string {
  return text.startsWith('tcp://') ? ' (Kubernetes set it: set enableServiceLinks: false in the pod)' : '';
}
