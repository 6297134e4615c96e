const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const COMPONENT = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Longest text that is looked at; Go's own longest output is far shorter. */
const MAX_LENGTH = 64;

/**
 * Milliseconds of a Go-style duration: numbers with units, one after another (`1m30s`, `250ms`, `1.5h`), or `0`.
 * A sign is accepted as Go does. `undefined` for anything else.
 */
export function parseDuration(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const negative = text.startsWith('-');
  const body = negative || text.startsWith('+') ? text.slice(1) : text;
  if (body === '0') return 0;
  let total = 0;
  let at = 0;
  while (at < body.length) {
    COMPONENT.lastIndex = at;
    const found = COMPONENT.exec(body);
    const unit = UNIT_MS[found?.[2] ?? ''];
    if (found === null || unit === undefined) return undefined;
    total += Number(found[1]) * unit;
    at = COMPONENT.lastIndex;
  }
  if (body === '' || !Number.isFinite(total)) return undefined;
  return negative ? -total : total;
}
