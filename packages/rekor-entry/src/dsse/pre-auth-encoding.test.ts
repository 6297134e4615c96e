import { decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import { expect, test } from 'vitest';
import { preAuthEncoding } from './pre-auth-encoding.ts';

test.each([
  ['http://example.com/HelloWorld', 'hello world', 'DSSEv1 29 http://example.com/HelloWorld 11 hello world'],
  ['', '', 'DSSEv1 0  0 '],
  ['é', '✓', 'DSSEv1 2 é 3 ✓'],
])('lengths are bytes: %j, %j', (type, payload, expected) => {
  expect(decodeUtf8(preAuthEncoding(type, encodeUtf8(payload)))).toBe(expected);
});
