import { encodeUtf8 } from '@tilewright/core/bytes';
import { expect, test } from 'vitest';
import type { EntryRules } from './entry-types.ts';
import { PERMITTED_ALGORITHMS } from './keys/permitted-algorithms.ts';
import { prepareEntry } from './prepare-entry.ts';
import type { SignedInput, VerifySignature } from './signature/verify-signature.ts';
import { hashedRekordRequest } from './testing/build/request-forms.ts';
import { signedDigest } from './testing/build/signed-digest.ts';

const RULES: EntryRules = { algorithms: PERMITTED_ALGORITHMS, acceptDsse: false };
const GOOD = hashedRekordRequest(signedDigest('p256', 0));
const never: VerifySignature = () => {
  throw new Error('not to be called');
};

const jsonOf = (built: typeof GOOD) => ({ kind: 'json', body: built.json }) as const;

test('a failure of the port itself is not taken for a bad signature', () => {
  const failing: VerifySignature = () => {
    throw new Error('out of memory');
  };
  expect(() => prepareEntry(jsonOf(GOOD), RULES, failing)).toThrow('out of memory');
});

test('the port sees the digest, its hash, and the parsed key', () => {
  const calls: [string, SignedInput][] = [];
  const entry = prepareEntry(jsonOf(GOOD), RULES, (key, input) => {
    calls.push([key.kind, input]);
    return true;
  });
  expect(entry.ok).toBe(true);
  expect(calls).toEqual([['ecdsa', { kind: 'digest', hash: 'SHA-256', digest: signedDigest('p256', 0).digest }]]);
});

test('what fails an earlier check never reaches the port', () => {
  const { digest, content, verifier } = signedDigest('p256', 0);
  const long = hashedRekordRequest({ digest: new Uint8Array(48), content, verifier });
  const malformed = { kind: 'json', body: encodeUtf8('{"x":1}') } as const;
  for (const request of [jsonOf(long), jsonOf(hashedRekordRequest({ digest, content })), malformed]) {
    expect(prepareEntry(request, RULES, never).ok).toBe(false);
  }
});

test('refusals name the cause for the log file and hide it from the client', () => {
  const refused = (built: typeof GOOD, rules = RULES) => prepareEntry(jsonOf(built), rules, () => false);
  const { digest, content, verifier } = signedDigest('p256', 0);
  expect(refused(GOOD)).toEqual({
    ok: false,
    grpcCode: 3,
    message: 'invalid hashedrekord request',
    detail: 'verifying signature: invalid ecdsa signature',
    code: 'bad-signature',
  });
  const details = [
    [{}, 'missing signature'],
    [{ digest, content }, 'missing verifier'],
    [{ content, verifier }, 'missing digest'],
    [{ digest, content, verifier: {} }, 'invalid verifier: missing signature public key or X.509 certificate'],
    [
      { digest: new Uint8Array(1), content, verifier },
      'digest length (1) does not match expected size (32) for algorithm SHA-256',
    ],
    [
      { digest, content, verifier: { ...verifier, keyDetails: 'ML_DSA_44' as const } },
      'getting key algorithm details: could not find algorithm details for known signature algorithm: ML_DSA_44',
    ],
    [
      { digest, content, verifier: { ...verifier, keyDetails: 99 } },
      'getting key algorithm details: could not find algorithm details for known signature algorithm: 99',
    ],
    [
      { digest, content, verifier: { ...verifier, keyDetails: 'PKIX_ED25519' as const } },
      'unsupported entry algorithm for ECDSA key, curve P-256, digest unknown hash value 0',
    ],
  ] as const;
  for (const [parts, detail] of details) expect(refused(hashedRekordRequest(parts))).toMatchObject({ detail });
});

test('only permitted algorithms pass; pure Ed25519 has no digest even where its flag is permitted', () => {
  const onlyRsa = { algorithms: ['rsa-sign-pkcs1-2048-sha256'], acceptDsse: false };
  const prepare = (name: Parameters<typeof signedDigest>[0], rules: EntryRules) =>
    prepareEntry(jsonOf(hashedRekordRequest(signedDigest(name, 0))), rules, () => true);
  expect(prepare('p256', onlyRsa)).toMatchObject({ code: 'unsupported-algorithm' });
  expect(prepare('rsa2048', onlyRsa)).toMatchObject({ ok: true });
  expect(prepare('rsa3072', onlyRsa)).toMatchObject({ code: 'unsupported-algorithm' });
  const edwards = signedDigest('ed25519ph', 0);
  const pure = { ...edwards, verifier: { ...edwards.verifier, keyDetails: 'PKIX_ED25519' as const } };
  const withPure = { algorithms: [...PERMITTED_ALGORITHMS, 'ed25519'], acceptDsse: false };
  expect(prepareEntry(jsonOf(hashedRekordRequest(pure)), withPure, never)).toMatchObject({
    code: 'unsupported-algorithm',
    detail: 'unsupported signing algorithm PKIX_ED25519 for hashedrekord: no associated digest algorithm',
  });
});
