import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { EntryError } from '../entry-error.ts';
import { spkiOf } from '../testing/build/fixture-bytes.ts';
import { ALGORITHMS } from './algorithms.ts';
import { parsePublicKey } from './parse-public-key.ts';
import { checkAlgorithmFlags, isPermitted, PERMITTED_ALGORITHMS } from './permitted-algorithms.ts';

test('thirteen algorithms, seven of which may be permitted', () => {
  expect(ALGORITHMS).toHaveLength(13);
  expect(PERMITTED_ALGORITHMS).toHaveLength(7);
  expect(() => checkAlgorithmFlags(PERMITTED_ALGORITHMS)).not.toThrow();
  expect(() => checkAlgorithmFlags([])).not.toThrow();
});

test('flags are refused in the words that operators of rekor-tiles know', () => {
  const unknown = expectCode(() => checkAlgorithmFlags(['foo']), EntryError, 'unknown-flag');
  expect(unknown.message).toBe(
    'parsing signature algorithm flag: could not find matching signature algorithm for flag: foo',
  );
  for (const flag of ['ed25519', 'rsa-sign-pss-2048-sha256', 'ecdsa-sha2-256-nistp384']) {
    const refused = expectCode(() => checkAlgorithmFlags(['ed25519-ph', flag]), EntryError, 'unsupported-algorithm');
    expect(refused.message).toBe(`algorithm ${flag} is not in the allowed set`);
  }
});

test('a key is permitted with a hash, whichever flag says so', () => {
  const rsa = parsePublicKey(spkiOf('rsa2048'));
  const p384 = parsePublicKey(spkiOf('p384'));
  if (rsa.kind === 'other' || p384.kind === 'other') throw new Error('fixtures do not parse');
  expect(isPermitted(['rsa-sign-pss-2048-sha256'], rsa, 'SHA-256')).toBe(true);
  expect(isPermitted(['rsa-sign-pkcs1-3072-sha256'], rsa, 'SHA-256')).toBe(false);
  expect(isPermitted(PERMITTED_ALGORITHMS, rsa, 'SHA-512')).toBe(false);
  expect(isPermitted(PERMITTED_ALGORITHMS, p384, 'SHA-256')).toBe(false);
  expect(isPermitted(['ecdsa-sha2-256-nistp384'], p384, 'SHA-256')).toBe(true);
});
