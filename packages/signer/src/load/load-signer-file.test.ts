import { createPrivateKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { asTreeSize, encodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { formatSigningKey, KEY_TYPE, parseVerifierKey, signNote, verifierKey } from '@tilewright/core/note';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { readPrivateKeyFile } from '../files/read-private-key.ts';
import { generateEd25519KeyPem } from '../keys/generate-key.ts';
import { privateKeyFromSeed } from '../keys/private-seed.ts';
import { noteVerifierFromPublicKey, noteVerifierFromVkey } from '../notes/public-verifier.ts';
import { SignerError, type SignerErrorCode } from '../signer-error.ts';
import { loadSignerFile } from './load-signer-file.ts';

const ORIGIN = 'log.example.com';
const TEXT = encodeUtf8('a note\n');

function ecKey(namedCurve: string): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

function rsaKey(modulusLength: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength }).privateKey;
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
  ['RSA', 'sha256', 'PKIX_RSA_PKCS1V15_2048_SHA256', () => rsaKey(2048)],
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
  refused(pem, 'wrong-password', /cannot be decrypted/, encodeUtf8('guess'));
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
  ['a small RSA key', () => pkcs8(rsaKey(1024)), /1024-bit RSA keys do not sign.*openssl genpkey/],
  ['RSA of an odd size', () => pkcs8(rsaKey(2056)), /RSA keys of 2056 bits/],
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
  ['OpenSSH', () => block('OPENSSH PRIVATE KEY'), /OpenSSH/],
  ['unknown label', () => block('SOMETHING'), /"SOMETHING"/],
  ['vkey', () => `${ORIGIN}+0123abcd+AQAA\n`, /verifier key/],
  ['Tink keyset', () => '{"encryptedKeyset":"AA=="}', /Tink keyset/],
  ['JWK', () => '{"kty":"OKP"}', /JSON Web Key/],
  ['SSH public key', () => 'ssh-ed25519 AAAA me\n', /SSH public key/],
  ['DER', () => new Uint8Array([0x30, 0x82, 0xff, 0xff]), /binary/],
])('%s is refused by name', (_, make, words) => {
  refused(make() as string | Uint8Array, 'unsupported-key', words);
});

test('a note key as Go writes it is the key of the log that it names', async () => {
  const seed = new Uint8Array(32).fill(7);
  const expected = loadSignerFile(pkcs8(privateKeyFromSeed('ed25519', seed)), ORIGIN);
  const skey = formatSigningKey(parseVerifierKey(expected.vkey), seed);
  for (const file of [skey, `${skey}\n`, encodeUtf8(`${skey}\n`)]) {
    const loaded = loadSignerFile(file, ORIGIN);
    expect(loaded.vkey).toBe(expected.vkey);
    expect(expected.verifier.verify(TEXT, await loaded.signer.sign(TEXT))).toBe(true);
  }
  const { message } = expectCode(() => loadSignerFile(skey, 'other.example.com'), SignerError, 'bad-origin');
  expect(message).toContain('"log.example.com", and the log is "other.example.com"');
  const [, , , id = ''] = skey.split('+');
  refused(skey.replace(id, '00000000'), 'key-mismatch', /key id/);
  refused(skey.slice(0, -4), 'malformed', /seed of 32 bytes/);
  refused(`PRIVATE+KEY+${ORIGIN}+00000000`, 'malformed', /PRIVATE\+KEY\+<name>/);
  const witness = verifierKey(ORIGIN, KEY_TYPE.cosignatureEd25519, parseVerifierKey(expected.vkey).key);
  refused(formatSigningKey(witness, seed), 'unsupported-key', /type 0x04; one of type 0x01/);
});

test('readPrivateKeyFile, which knows no origin, leaves note keys to those that do', () => {
  const skey = `PRIVATE+KEY+${ORIGIN}+00000000+AQAA`;
  expect(expectCode(() => readPrivateKeyFile(skey), SignerError, 'unsupported-key').message).toMatch(/name and a type/);
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
  refused(block('EC PRIVATE KEY', 'MAMCAQA='), 'malformed', /SEC1 key that OpenSSL can read/);
  refused(block('RSA PRIVATE KEY', 'MAMCAQA='), 'malformed', /PKCS#1 key that OpenSSL can read/);
  refused(block('ENCRYPTED PRIVATE KEY', 'MAMCAQA='), 'malformed', /EncryptedPrivateKeyInfo/);
  refused(block('ENCRYPTED SIGSTORE PRIVATE KEY', 'MAMCAQA='), 'malformed', /Sigstore key is damaged/);
  refused(pem.replace('KEY-----\n', 'KEY-----\nProc-Type: 4,ENCRYPTED\n\n'), 'malformed', /header lines/);
  refused('x'.repeat(70_000), 'malformed', /at most 65536/);
});

test('a key whose public half is of another key has its own code', () => {
  const der = ecKey('P-256').export({ type: 'pkcs8', format: 'der' });
  const at = 40;
  der[at] = (der[at] ?? 0) ^ 1;
  refused(block('PRIVATE KEY', der.toString('base64')), 'key-mismatch', /does not belong/);
  const [one, other] = [ecKey('P-384'), ecKey('P-384')].map((key) => key.export({ type: 'sec1', format: 'der' }));
  const point = (one?.length ?? 0) - 97;
  const mixed = Buffer.concat([one?.subarray(0, point) ?? [], other?.subarray(point) ?? []] as Uint8Array[]);
  refused(block('EC PRIVATE KEY', mixed.toString('base64')), 'key-mismatch', /does not belong/);
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
