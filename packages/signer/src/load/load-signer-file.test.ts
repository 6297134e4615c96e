import { createPrivateKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { asTreeSize, encodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { signNote } from '@tilewright/core/note';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { generateEd25519KeyPem } from '../keys/generate-key.ts';
import { loadSignerFile } from './load-signer-file.ts';
import { noteVerifierFromPublicKey, noteVerifierFromVkey } from '../notes/public-verifier.ts';
import { SignerError, type SignerErrorCode } from '../signer-error.ts';

const ORIGIN = 'log.example.com';
const TEXT = encodeUtf8('a note\n');

function ecKey(namedCurve: string): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function refused(pem: string | Uint8Array, code: SignerErrorCode, words: RegExp, password?: Uint8Array): void {
  expectCode(() => loadSignerFile(pem, ORIGIN, password), SignerError, code);
  expect(() => loadSignerFile(pem, ORIGIN, password)).toThrow(words);
}

test.each([
  ['ed25519', null, 'PKIX_ED25519', () => generateKeyPairSync('ed25519').privateKey],
  ['P-256', 'sha256', 'PKIX_ECDSA_P256_SHA_256', () => ecKey('P-256')],
  ['P-384', 'sha384', 'PKIX_ECDSA_P384_SHA_384', () => ecKey('P-384')],
  ['P-521', 'sha512', 'PKIX_ECDSA_P521_SHA_512', () => ecKey('P-521')],
] as const)(
  '%s signs with its own hash and is verified from its vkey, PEM and DER',
  async (_, digest, details, make) => {
    const key = make();
    const loaded = loadSignerFile(pkcs8(key), ORIGIN);
    expect(loaded.keyDetails).toBe(details);
    expect(loaded.logIdBase64).toBe(encodeBase64(loaded.logId));
    const signature = await loaded.signer.sign(TEXT);
    expect(verify(digest, TEXT, loaded.spkiPem, signature)).toBe(true);
    const others = [
      noteVerifierFromVkey(loaded.vkey),
      noteVerifierFromPublicKey(loaded.spkiPem, ORIGIN),
      noteVerifierFromPublicKey(loaded.spki, ORIGIN),
    ];
    for (const other of others) {
      expect(other.verifier.verify(TEXT, signature)).toBe(true);
      expect(other.verifier.verify(encodeUtf8('a mote\n'), signature)).toBe(false);
      expect(other.verifier.keyId).toBe(loaded.signer.keyId);
      expect({ ...other, verifier: 0 }).toEqual({ ...loaded, verifier: 0, signer: undefined });
    }
  },
);

test('a checkpoint that the key signs opens with its verifier only', async () => {
  const loaded = loadSignerFile(generateEd25519KeyPem(), ORIGIN);
  const text = formatCheckpoint({ origin: ORIGIN, size: asTreeSize(0), root: EMPTY_ROOT, extensions: [] });
  const note = await signNote(text, [loaded.signer]);
  expect(openCheckpoint(note, ORIGIN, loaded.verifier).size).toBe(0);
  const stranger = loadSignerFile(generateEd25519KeyPem(), ORIGIN);
  expect(() => openCheckpoint(note, ORIGIN, stranger.verifier)).toThrow();
});

test('the file may be bytes, have CRLF line ends and prose around the block', () => {
  const pem = generateEd25519KeyPem();
  const expected = loadSignerFile(pem, ORIGIN).vkey;
  expect(loadSignerFile(encodeUtf8(pem), ORIGIN).vkey).toBe(expected);
  expect(loadSignerFile(pem.replaceAll('\n', '\r\n'), ORIGIN).vkey).toBe(expected);
  expect(loadSignerFile(`made today\n${pem}`, ORIGIN).vkey).toBe(expected);
});

test('an encrypted PKCS#8 key needs its password', () => {
  const key = ecKey('P-256');
  const pem = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }) as string;
  refused(pem, 'encrypted', /is encrypted.*openssl pkcs8/);
  refused(pem, 'encrypted', /is encrypted/, new Uint8Array());
  refused(pem, 'encrypted', /cannot be decrypted/, encodeUtf8('guess'));
  expect(loadSignerFile(pem, ORIGIN, encodeUtf8('open sesame')).vkey).toBe(loadSignerFile(pkcs8(key), ORIGIN).vkey);
});

test('a password for a plain key is ignored', () => {
  const pem = generateEd25519KeyPem();
  expect(loadSignerFile(pem, ORIGIN, encodeUtf8('x')).vkey).toBe(loadSignerFile(pem, ORIGIN).vkey);
});

test('a compressed public point in the key file does not change the log id', () => {
  // A P-256 PKCS#8 key with no public half at all: OpenSSL derives it.
  const key = ecKey('P-256');
  const d = key.export({ format: 'jwk' }).d ?? '';
  const bare = Buffer.concat([
    Buffer.from('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420', 'hex'),
    Buffer.from(d, 'base64url'),
  ]);
  const pem = `-----BEGIN PRIVATE KEY-----\n${bare.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  expect(loadSignerFile(pem, ORIGIN).vkey).toBe(loadSignerFile(pkcs8(key), ORIGIN).vkey);
});

test.each([
  ['RSA PKCS#8', () => pkcs8(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey), /RSA keys cannot sign/],
  [
    'RSA PKCS#1',
    () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }),
    /PKCS#1/,
  ],
  ['SEC1', () => ecKey('P-256').export({ type: 'sec1', format: 'pem' }), /SEC1.*openssl pkcs8 -topk8/],
  ['secp256k1', () => pkcs8(ecKey('secp256k1')), /ECDSA secp256k1/],
  ['Ed448', () => pkcs8(generateKeyPairSync('ed448').privateKey), /ED448/],
  ['X25519', () => pkcs8(generateKeyPairSync('x25519').privateKey), /X25519/],
  ['ML-DSA', () => pkcs8(generateKeyPairSync('ml-dsa-44').privateKey), /ML-DSA-44/],
  [
    'public key',
    () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }),
    /a public key/,
  ],
  ['certificate', () => block('CERTIFICATE'), /a certificate/],
  ['cosign', () => block('ENCRYPTED COSIGN PRIVATE KEY'), /encrypted cosign key/],
  ['sigstore', () => block('ENCRYPTED SIGSTORE PRIVATE KEY'), /encrypted Sigstore key/],
  ['OpenSSH', () => block('OPENSSH PRIVATE KEY'), /OpenSSH/],
  ['unknown label', () => block('SOMETHING'), /"SOMETHING"/],
  ['Go note key', () => `PRIVATE+KEY+${ORIGIN}+00000000+AQAA`, /Go note signing key/],
  ['vkey', () => `${ORIGIN}+0123abcd+AQAA\n`, /verifier key/],
  ['Tink keyset', () => '{"encryptedKeyset":"AA=="}', /Tink keyset/],
  ['JWK', () => '{"kty":"OKP"}', /JSON Web Key/],
  ['SSH public key', () => 'ssh-ed25519 AAAA me\n', /SSH public key/],
  ['DER', () => new Uint8Array([0x30, 0x82, 0xff, 0xff]), /binary/],
])('%s is refused by name', (_, make, words) => {
  refused(make() as string | Uint8Array, 'unsupported-key', words);
});

test('the encrypted SEC1 and PKCS#1 forms are refused by name', () => {
  const pem = ecKey('P-256').export({ type: 'sec1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' });
  refused(pem as string, 'encrypted', /"EC PRIVATE KEY"/);
});

test('broken files are malformed', () => {
  const pem = generateEd25519KeyPem();
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  const longer = Buffer.concat([der, Buffer.from([0])]).toString('base64');
  refused('', 'malformed', /empty/);
  refused('nonsense', 'malformed', /no PEM block/);
  refused(pem.replace('-----END', '----END'), 'malformed', /no END/);
  refused(pem + pem, 'malformed', /more than one/);
  refused(pem.replace(/^M/m, '*'), 'malformed', /not base64/);
  refused(block('PRIVATE KEY', longer), 'malformed', /one complete DER SEQUENCE/);
  refused(block('PRIVATE KEY', 'MAMCAQA='), 'malformed', /PKCS#8 key that OpenSSL can read/);
  refused('x'.repeat(70_000), 'malformed', /at most 65536/);
});

test('an ECDSA key whose public half is of another key is malformed', () => {
  const der = ecKey('P-256').export({ type: 'pkcs8', format: 'der' });
  const at = 40;
  der[at] = (der[at] ?? 0) ^ 1;
  refused(block('PRIVATE KEY', der.toString('base64')), 'malformed', /does not belong/);
});

test.each(['', 'two words', 'a+b', 'tab\there', 'nul\0', 'x'.repeat(256), '\ud800'])(
  'origin %j is refused',
  (origin) => {
    expectCode(() => loadSignerFile(generateEd25519KeyPem(), origin), SignerError, 'bad-origin');
  },
);

function block(label: string, body = 'MAMCAQA='): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}
