import { expectCode } from '@tilewright/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TrustError } from '../trust-error.ts';
import { parseStrictJson } from './strict-json.ts';

test('agrees with JSON.parse on whatever JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      fc.pre(text.isWellFormed() && !/\\ud[89a-f]/i.test(text));
      expect(JSON.stringify(parseStrictJson(text))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test('accepts exactly the texts that JSON.parse accepts, but for duplicates and lone surrogates', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-',
    '0',
    '.5',
    'e1',
    'true',
    'nul',
    ' ',
    '"',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      const theirs = attempt(() => JSON.stringify(JSON.parse(text)));
      const ours = attempt(() => JSON.stringify(parseStrictJson(text)));
      if (ours === 'duplicate') expect(theirs).not.toBe('malformed');
      else expect(ours).toBe(theirs);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['{"a":1,"a":1}', 'duplicate'],
  ['{"a":1,"\\u0061":2}', 'duplicate'],
  ['[{"b":{"a":1,"c":2,"a":3}}]', 'duplicate'],
  ['"\\ud800"', 'malformed'],
  ['{"a":1} x', 'malformed'],
  ["{'a':1}", 'malformed'],
  ['[1,]', 'malformed'],
  ['01', 'malformed'],
  ['', 'malformed'],
  ['"a\nb"', 'malformed'],
  [`${'['.repeat(40)}${']'.repeat(40)}`, 'malformed'],
] as const)('refuses %s', (text, code) => {
  expectCode(() => parseStrictJson(text), TrustError, code);
});

test('a field named __proto__ is a plain field', () => {
  expect(Object.keys(parseStrictJson('{"__proto__":{"x":1}}') as object)).toEqual(['__proto__']);
});

test('a document of a megabyte of open brackets is refused at once', () => {
  const started = performance.now();
  expectCode(() => parseStrictJson('['.repeat(1_000_000)), TrustError, 'malformed');
  expect(performance.now() - started).toBeLessThan(500);
});

function attempt(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return error instanceof TrustError ? error.code : 'malformed';
  }
}
