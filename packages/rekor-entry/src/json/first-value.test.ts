import { encodeUtf8 } from '@tilewright/core/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstValueError, MAX_JSON_DEPTH } from './first-value.ts';

const errorOf = (text: string) => firstValueError(encodeUtf8(text))?.message;

test.each([
  ['{', 'unexpected EOF'],
  ['{"a"', 'unexpected EOF'],
  ['"abc', 'unexpected EOF'],
  ['tru', 'unexpected EOF'],
  ['-', 'unexpected EOF'],
  ['1e', 'unexpected EOF'],
  ['nul!', "invalid character '!' in literal null (expecting 'l')"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
  ['{a', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1', "invalid character '1' after object key"],
  ['{"a":1 "b"', `invalid character '"' after object key:value pair`],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['01.a', undefined],
  ['1.a', "invalid character 'a' after decimal point in numeric literal"],
  ['-a', "invalid character 'a' in numeric literal"],
  ['1e+a', "invalid character 'a' in exponent of numeric literal"],
  ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
])('%j: %s', (text, message) => {
  expect(errorOf(text)).toBe(message);
});

test('nesting is bounded, without a deep call stack', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(errorOf(nested(MAX_JSON_DEPTH))).toBeUndefined();
  expect(errorOf(nested(MAX_JSON_DEPTH + 1))).toBe("invalid character '[' exceeded max depth");
  const objects = (depth: number) => `${'{"":'.repeat(depth)}0${'}'.repeat(depth)}`;
  expect(errorOf(objects(MAX_JSON_DEPTH))).toBeUndefined();
  expect(errorOf(objects(MAX_JSON_DEPTH + 1))).toContain('max depth');
});

// JSON.parse as the judge: a text has a first value when some beginning of it is one. Only for arrays and objects, as a
// number may end anywhere.
function hasFirstValue(text: string): boolean {
  for (let end = 1; end <= text.length; end++) {
    try {
      JSON.parse(text.slice(0, end));
      return true;
    } catch {}
  }
  return false;
}

test('agrees with JSON.parse on texts with a few characters changed', () => {
  const text = fc
    .oneof(fc.array(fc.jsonValue(), { maxLength: 4 }), fc.dictionary(fc.string(), fc.jsonValue()))
    .map((value) => JSON.stringify(value));
  const char = fc.constantFrom(...'{}[]",:0123456789.-+eE\\untrf \nabx');
  const changed = fc.tuple(text, fc.array(fc.tuple(fc.nat(), char), { maxLength: 3 })).map(([whole, changes]) => {
    const chars = [...whole.slice(0, 120)];
    for (const [at, replacement] of changes) chars[1 + (at % Math.max(1, chars.length - 1))] = replacement;
    return chars.join('');
  });
  fc.assert(
    fc.property(changed, (candidate) => {
      if (!candidate.isWellFormed()) return;
      expect(errorOf(candidate) === undefined, candidate).toBe(hasFirstValue(candidate));
    }),
    { numRuns: 1000 },
  );
});
