import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp, rekor } from '../../test/vectors.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { KEY_TYPE, keyIdOf, noteKeyHash, RSA_TYPE_NAME } from './key-id.ts';
import { isKeyName } from './key-name.ts';
import { formatVerifierKey, parseVerifierKey } from './verifier-key.ts';

const any = arbitraries(fc);
const ED25519_SPKI_HEAD = 12;

test.each(c2sp.keyname_valid)('SN-5, vector: %j is a key name', (name) => {
  expect(isKeyName(name)).toBe(true);
});

test.each(c2sp.keyname_invalid)('SN-5, vector: %j is no key name', (name) => {
  expect(isKeyName(name)).toBe(false);
});

test.each(['a\nb', 'a\tb', 'a\u0000b', 'a\u001fb', 'a\ud800', 'a\u1680b', 'a\u2029', '\u202f', 'a\u205fb', '+'])(
  '%j is no key name',
  (name) => {
    expect(isKeyName(name)).toBe(false);
  },
);

const vkeys = ['log_0x01', 'log_0x06', 'witness_0x04', 'witness_0x06', 'mirror_0x06'] as const;
test.each(vkeys)('SN-13, vector: the vkey %s reads and writes back', (id) => {
  const text = c2sp.keys[id];
  const vkey = parseVerifierKey(text);
  expect(vkey.type).toBe(Number(id.slice(-4)));
  expect(formatVerifierKey(vkey.name, vkey.type, vkey.key)).toBe(text);
  expect(keyIdOf(noteKeyHash(vkey.name, vkey.type, vkey.key))).toBe(vkey.keyId);
});

test.each(rekor.logs)('rekor: key hash of $origin', ({ origin, spkiB64, logIdB64, keyIdHex }) => {
  const key = decodeBase64(spkiB64).subarray(ED25519_SPKI_HEAD);
  const hash = noteKeyHash(origin, KEY_TYPE.ed25519, key);
  expect(encodeBase64(hash)).toBe(logIdB64);
  expect(encodeHex(hash.subarray(0, 4))).toBe(keyIdHex);
});

test.each(rekor.noteKeyHash)('rekor: key hash of an $type key', ({ origin, type, spkiB64, keyId, logIdHex }) => {
  const spki = decodeBase64(spkiB64);
  const [keyType, material] = {
    ed25519: [KEY_TYPE.ed25519, spki.subarray(ED25519_SPKI_HEAD)] as const,
    ec: [KEY_TYPE.ecdsa, spki] as const,
    rsa: [KEY_TYPE.named, concatBytes(encodeUtf8('PKIX-RSA-PKCS#1v1.5'), spki)] as const,
  }[type];
  const hash = noteKeyHash(origin, keyType, material);
  expect(encodeHex(hash)).toBe(logIdHex);
  expect(keyIdOf(hash)).toBe(keyId);
});

test('an ECDSA key has one id under every name', () => {
  const spki = decodeBase64(c2sp.rfc6962_note.spki);
  expect(encodeBase64(noteKeyHash('a', KEY_TYPE.ecdsa, spki))).toBe(c2sp.rfc6962_note.log_id);
  expect(noteKeyHash('a', KEY_TYPE.ecdsa, spki)).toEqual(noteKeyHash('b', KEY_TYPE.ecdsa, spki));
});

test('SN-15, N10: the type is part of the key id', () => {
  const key = new Uint8Array(32).fill(1);
  const own = parseVerifierKey(formatVerifierKey('a', KEY_TYPE.ed25519, key));
  const other = parseVerifierKey(formatVerifierKey('a', KEY_TYPE.cosignatureEd25519, key));
  expect(own.keyId).not.toBe(other.keyId);
});

test('keys read back, base64 with plus signs too', () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(any.keyName(), key, fc.constantFrom(0x01, 0x04), (name, bytes, type) => {
      const vkey = parseVerifierKey(formatVerifierKey(name, type, bytes));
      expect(vkey.name).toBe(name);
      expect(vkey.type).toBe(type);
      expect(vkey.key.slice()).toEqual(bytes.slice());
    }),
  );
  const sumdb = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';
  expect(parseVerifierKey(sumdb)).toMatchObject({ name: 'sum.golang.org', keyId: 0x033de0ae, type: 1 });
});

const good = c2sp.keys.log_0x01;
test.each([
  ['nothing', ''],
  ['no separators', 'log.example/c2sp'],
  ['one separator', 'log.example/c2sp+f4911991'],
  ['an empty name', good.replace(/^[^+]+/, '')],
  ['a space in the name', good.replace('log.example', 'log example')],
  ['uppercase hex', good.replace('f4911991', 'F4911991')],
  ['seven hex digits', good.replace('f4911991', 'f491199')],
  ['nine hex digits', good.replace('f4911991', 'f49119911')],
  ['no base64', 'log.example/c2sp+f4911991+'],
  ['unpadded base64', 'a+00000000+AQ'],
  ['a newline at the end', `${good}\n`],
  ['too many characters', `a+00000000+${'A'.repeat(4096)}`],
])('SN-16: a vkey with %s', (_, text) => {
  expectCode(() => parseVerifierKey(text), CoreError, 'malformed');
});

test('SN-16: a vkey whose id is not its own', () => {
  expectCode(() => parseVerifierKey(good.replace('f4911991', 'f4911992')), CoreError, 'mismatch');
  expectCode(() => parseVerifierKey(good.replace('log.example', 'lag.example')), CoreError, 'mismatch');
});

test('SN-16: a vkey of a type or length that does not exist', () => {
  expectCode(() => formatVerifierKey('a', 0x03, new Uint8Array(32)), CoreError, 'unknown-key');
  expectCode(() => parseVerifierKey('a+00000000+AwAA'), CoreError, 'unknown-key');
  expectCode(() => formatVerifierKey('a', KEY_TYPE.ed25519, new Uint8Array(31)), CoreError, 'malformed');
  expectCode(() => formatVerifierKey('a', KEY_TYPE.ed25519, new Uint8Array(33)), CoreError, 'malformed');
  expectCode(() => formatVerifierKey('a', KEY_TYPE.ecdsa, new Uint8Array(0)), CoreError, 'malformed');
  expectCode(() => formatVerifierKey('a b', KEY_TYPE.ed25519, new Uint8Array(32)), CoreError, 'malformed');
  for (const type of [0x00, 0x03, 0x07, 0x41, 0xfa, 0xfe]) {
    for (const length of [0, 32, 1312]) {
      expectCode(() => formatVerifierKey('a', type, new Uint8Array(length)), CoreError, 'unknown-key');
    }
  }
  for (const [type, size] of [
    [0x04, 32],
    [0x06, 1312],
  ] as const) {
    for (const length of [0, size - 1, size + 1]) {
      expectCode(() => formatVerifierKey('a', type, new Uint8Array(length)), CoreError, 'malformed');
    }
  }
});

test('SN-16: type 0x05 takes a log id, or the longer key that it is the hash of', () => {
  const spki = decodeBase64(c2sp.rfc6962_note.spki);
  const [id, whole] = [decodeBase64(c2sp.rfc6962_note.log_id), spki].map((key) => formatVerifierKey('a', 0x05, key));
  expect(parseVerifierKey(whole ?? '').keyId).toBe(parseVerifierKey(id ?? '').keyId);
  for (const length of [0, 31]) {
    expectCode(() => formatVerifierKey('a', 0x05, new Uint8Array(length)), CoreError, 'malformed');
  }
});

test('SN-16: type 0xFF is followed by a name that is known, and a key', () => {
  const name = encodeUtf8(RSA_TYPE_NAME);
  expect(parseVerifierKey(formatVerifierKey('a', 0xff, concatBytes(name, Uint8Array.of(1)))).type).toBe(0xff);
  expectCode(() => formatVerifierKey('a', 0xff, name), CoreError, 'malformed');
  for (const other of [new Uint8Array(0), encodeUtf8('PKIX-RSA-PKCS#1v1.'), encodeUtf8('PKIX-RSA-PSS and a key')]) {
    expectCode(() => formatVerifierKey('a', 0xff, other), CoreError, 'unknown-key');
  }
});

test('SN-16: the name of an ML-DSA key has 255 bytes at most, of others it may have more', () => {
  const key = new Uint8Array(1312);
  expect(parseVerifierKey(formatVerifierKey('a'.repeat(255), 0x06, key)).name.length).toBe(255);
  expectCode(() => formatVerifierKey('a'.repeat(256), 0x06, key), CoreError, 'malformed');
  expectCode(() => formatVerifierKey(`${'a'.repeat(254)}\u00e9`, 0x06, key), CoreError, 'malformed');
  expect(parseVerifierKey(formatVerifierKey('a'.repeat(256), 0x04, new Uint8Array(32))).name.length).toBe(256);
});

test.each(vkeys)('SN-15, SN-16: the vkey %s with any other type, name or key is another', (id) => {
  const { name, type, key, keyId } = parseVerifierKey(c2sp.keys[id]);
  const hex = keyId.toString(16).padStart(8, '0');
  const write = (text: string, kind: number, material: Uint8Array) =>
    `${text}+${hex}+${encodeBase64(concatBytes(Uint8Array.of(kind), material))}`;
  const flipped = key.slice();
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  expect(write(name, type, key)).toBe(c2sp.keys[id]);
  expectCode(() => parseVerifierKey(write(`${name}x`, type, key)), CoreError, 'mismatch');
  expectCode(() => parseVerifierKey(write(name, type, flipped)), CoreError, 'mismatch');
  const others = key.length === 32 ? [0x01, 0x04, 0x05] : [0x06];
  for (const kind of others.filter((one) => one !== type)) {
    expectCode(() => parseVerifierKey(write(name, kind, key)), CoreError, 'mismatch');
  }
});

test.each(vkeys)('SN-16: the vkey %s cut at any character is refused', (id) => {
  const text = c2sp.keys[id];
  for (let length = 0; length < text.length; length++) {
    expect(() => parseVerifierKey(text.slice(0, length)), `${length} characters`).toThrow(CoreError);
  }
});

test('bounds of key hashes and ids', () => {
  expectCode(() => noteKeyHash('', 1, new Uint8Array(32)), CoreError, 'malformed');
  for (const type of [-1, 256, 1.5]) {
    expectCode(() => noteKeyHash('a', type, new Uint8Array(32)), CoreError, 'out-of-range');
  }
  expectCode(() => keyIdOf(new Uint8Array(3)), CoreError, 'malformed');
  expect(keyIdOf(Uint8Array.of(0xff, 0xff, 0xff, 0xff))).toBe(0xffff_ffff);
  expect(keyIdOf(Uint8Array.of(9, 0, 0, 0, 7).subarray(1))).toBe(7);
});
