import { createPublicKey, generateKeyPairSync, verify, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeCertificate } from './certificate.ts';
import { objectIdentifier, tlv, unsignedInteger } from './der.ts';
import { EntryMaker, entryJson } from './entry-request.ts';

test('DER: long lengths, high-bit integers and multi-byte arcs', () => {
  expect(tlv(4, Buffer.alloc(300)).subarray(0, 4).toString('hex')).toBe('0482012c');
  expect(unsignedInteger(Buffer.from('00ff', 'hex')).toString('hex')).toBe('020200ff');
  expect(unsignedInteger(Buffer.from('0000', 'hex')).toString('hex')).toBe('020100');
  expect(objectIdentifier('1.2.840.10045.4.3.2').toString('hex')).toBe('06082a8648ce3d040302');
});

test('OpenSSL reads the certificate, its key and its issuer signature', () => {
  const issuer = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const notBefore = new Date('2026-01-02T03:04:05Z');
  const der = makeCertificate({ spki, email: 'a@example.com', padding: 5_000 }, issuer.privateKey, notBefore);
  const certificate = new X509Certificate(der);
  expect(certificate.raw.equals(der)).toBe(true);
  expect(certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(spki)).toBe(true);
  expect(certificate.verify(issuer.publicKey)).toBe(true);
  expect(certificate.subjectAltName).toBe('email:a@example.com');
  expect(new Date(certificate.validTo).getTime() - notBefore.getTime()).toBe(600_000);
});

test('a request is signed by the key that it carries, and no two carry one key', () => {
  const maker = new EntryMaker(new Date());
  const [plain, certified] = [maker.make(false), maker.make(true)];
  if (!('publicKey' in plain.verifier) || !('x509Certificate' in certified.verifier))
    throw new Error('wrong verifiers');
  const key = createPublicKey({ key: Buffer.from(plain.verifier.publicKey), format: 'der', type: 'spki' });
  expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(new X509Certificate(certified.verifier.x509Certificate).publicKey.equals(key)).toBe(false);
  expect(verify('sha256', Buffer.from('another message'), key, plain.signature)).toBe(false);
  expect(Object.keys(JSON.parse(entryJson(certified)).hashedRekordRequestV002.signature.verifier)).toEqual([
    'x509Certificate',
    'keyDetails',
  ]);
});
