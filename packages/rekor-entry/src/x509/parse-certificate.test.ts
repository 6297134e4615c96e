import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeBase64, encodeHex } from '@tilewright/core/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryError } from '../entry-error.ts';
import type { OtherPublicKey, PublicKeyInfo } from '../keys/public-key.ts';
import { certificate, extension } from '../testing/build/certificates.ts';
import { spkiOf } from '../testing/build/fixture-bytes.ts';
import { parseCertificateKey } from './parse-certificate.ts';

const VECTORS = JSON.parse(
  readFileSync(new URL('../../../../testdata/rekor-tiles-vectors.json', import.meta.url), 'utf8'),
);
const REAL: Uint8Array = decodeBase64(
  VECTORS.hashedrekord[1].request.hashedRekordRequestV002.signature.verifier.x509Certificate.rawBytes,
);

function parsed(der: Uint8Array): PublicKeyInfo | OtherPublicKey | undefined {
  try {
    return parseCertificateKey(der);
  } catch (error) {
    if (error instanceof EntryError && error.code === 'malformed-key') return undefined;
    throw error;
  }
}

function nodeSpki(der: Uint8Array): string | undefined {
  try {
    return new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' }).toString('hex');
  } catch {
    return undefined;
  }
}

test('the key of a real certificate is the one that node:crypto reads', () => {
  const key = parsed(REAL);
  expect(key?.kind).toBe('ecdsa');
  expect(key?.kind === 'ecdsa' && encodeHex(key.spki)).toBe(nodeSpki(REAL));
});

test.each(['p256', 'p384', 'p521', 'ed25519ph', 'rsa2048', 'rsa4096'] as const)(
  'the key of a %s certificate',
  (name) => {
    const der = certificate({ spki: spkiOf(name) });
    const key = parsed(der);
    expect(key !== undefined && key.kind !== 'other' && encodeHex(key.spki)).toBe(encodeHex(spkiOf(name)));
    expect(nodeSpki(der)).toBe(encodeHex(spkiOf(name)));
  },
);

test('a key of an unknown algorithm does not spoil the certificate, only its use', () => {
  expect(parsed(certificate({ spki: spkiOf('ed448') }))).toEqual({ kind: 'other', name: 'unknown key' });
});

test('every single byte changed: refused, or a key that node:crypto agrees with', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const change = fc.tuple(fc.constantFrom(REAL, certificate({ spki: spkiOf('p256') })), fc.nat(), byte);
  fc.assert(
    fc.property(change, ([der, at, value]) => {
      const changed = Uint8Array.from(der);
      changed[at % der.length] = value;
      const key = parsed(changed);
      const other = nodeSpki(changed);
      if (key?.kind === 'ecdsa' && other !== undefined) expect(encodeHex(key.spki)).toBe(other);
    }),
    { numRuns: 1500 },
  );
});

test('every cut is refused', () => {
  for (let length = 0; length < REAL.length; length++) expect(parsed(REAL.subarray(0, length))).toBeUndefined();
});

test('a certificate with very many extensions is judged in time', () => {
  const extensions = Array.from({ length: 50_000 }, (_, i) => {
    const arcs = [i % 128, Math.floor(i / 128) % 128, Math.floor(i / 16_384)].map((arc) =>
      encodeHex(Uint8Array.of(arc)),
    );
    return extension(`2a${arcs.join('')}`, new Uint8Array(0));
  });
  const der = certificate({ spki: spkiOf('p256'), extensions });
  const started = performance.now();
  expect(parsed(der)?.kind).toBe('ecdsa');
  expect(performance.now() - started).toBeLessThan(15_000);
}, 30_000);
