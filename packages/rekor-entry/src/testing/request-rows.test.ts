import { encodeHex } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { expect, test } from 'vitest';
import { PERMITTED_ALGORITHMS } from '../keys/permitted-algorithms.ts';
import { prepareEntry } from '../prepare-entry.ts';
import { requestRows, signatureRows } from './index.ts';
import { nobleVerify } from './noble-verify.ts';
import type { Expectation } from './request-row.ts';

const ROWS = requestRows();

function check(request: Parameters<typeof prepareEntry>[0], acceptDsse: boolean, expected: Expectation): void {
  const result = prepareEntry(request, { algorithms: PERMITTED_ALGORITHMS, acceptDsse }, nobleVerify);
  if (expected.body !== undefined) {
    expect(result).toMatchObject({ ok: true, version: '0.0.2' });
    if (!result.ok) return;
    expect(new TextDecoder().decode(result.body)).toBe(new TextDecoder().decode(expected.body));
    expect(encodeHex(result.leafHash)).toBe(encodeHex(leafHash(expected.body)));
    return;
  }
  expect(result).toMatchObject({ ok: false, code: expected.code });
  if (result.ok) return;
  expect(result.grpcCode).toBe(request.kind === 'proto' ? expected.grpc : 3);
  if (expected.message !== undefined) expect(result.message).toBe(expected.message);
  expect(result.message.length).toBeLessThan(400);
  expect(result.detail.length).toBeLessThan(400);
}

test.each(ROWS)('$name', ({ json, wire, expect: expected, expectWithDsse }) => {
  expect(json ?? wire).toBeDefined();
  if (json !== undefined) check({ kind: 'json', body: json }, false, expected);
  if (wire !== undefined) check({ kind: 'proto', body: wire }, false, expected);
  if (expectWithDsse === expected) return;
  if (json !== undefined) check({ kind: 'json', body: json }, true, expectWithDsse);
  if (wire !== undefined) check({ kind: 'proto', body: wire }, true, expectWithDsse);
});

test('the rows are many, and each is its own', () => {
  expect(ROWS.length).toBeGreaterThan(300);
  expect(new Set(ROWS.map((row) => row.name)).size).toBe(ROWS.length);
  const leaves = ROWS.flatMap((row) => (row.expect.body === undefined ? [] : [encodeHex(leafHash(row.expect.body))]));
  expect(leaves.length).toBeGreaterThan(80);
  expect(new Set(leaves).size).toBe(leaves.length);
});

test('the rows about symbols of base64 hold some', () => {
  const textOf = (name: string) => new TextDecoder().decode(ROWS.find((row) => row.name === name)?.json);
  expect(textOf('JSON: URL-safe base64')).toMatch(/"[A-Za-z0-9]*[-_]/);
  expect(textOf('JSON: base64 with escapes')).toContain('\\/');
});

test('the signature rows hold good and bad ones of every kind of key', () => {
  const rows = signatureRows();
  const kinds = new Set(rows.map(({ key, input, valid }) => `${key.kind} ${input.kind} ${valid}`));
  expect([...kinds].sort()).toEqual([
    'ecdsa digest false',
    'ecdsa digest true',
    'ecdsa message false',
    'ecdsa message true',
    'ed25519 digest false',
    'ed25519 digest true',
    'ed25519 message false',
    'ed25519 message true',
    'rsa digest false',
    'rsa digest true',
  ]);
  for (const { name, key, input, signature, valid } of rows)
    expect(nobleVerify(key, input, signature), name).toBe(valid);
});
