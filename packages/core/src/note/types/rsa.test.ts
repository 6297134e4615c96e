import { constants, createPublicKey, generateKeyPairSync, type KeyObject, privateEncrypt, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { rekor } from '../../../test/vectors.ts';
import { decodeBase64 } from '../../bytes/base64.ts';
import { encodeHex } from '../../bytes/hex.ts';
import { concatBytes, equalBytes } from '../../bytes/sequences.ts';
import { decodeUtf8, encodeUtf8 } from '../../bytes/utf8.ts';
import { openCheckpoint } from '../../checkpoint/open-checkpoint.ts';
import { CoreError } from '../../core-error.ts';
import { sha256 } from '../../hash/tree-hash.ts';
import { expectCode } from '../../testing/expect-code.ts';
import { KEY_TYPE } from '../key-id.ts';
import { signNote } from '../sign-note.ts';
import { formatVerifierKey, parseVerifierKey } from '../verifier-key.ts';
import { rsaNoteVerifier, rsaVerifierKey } from './rsa.ts';
import { rsaCheck } from './rsa-key.ts';

const text = encodeUtf8('log.example\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n');
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

function spkiOf(key: KeyObject): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const spki = spkiOf(pair);
const check = rsaCheck(spki);

test('SN-13, rekor: id of an RSA key, and the vkey that holds it', () => {
  const vector = rekor.noteKeyHash.find(({ type }) => type === 'rsa');
  if (vector === undefined) throw new Error('the vectors lack an RSA key');
  const key = rsaVerifierKey(vector.origin, decodeBase64(vector.spkiB64));
  expect(key.keyId).toBe(vector.keyId);
  expect(encodeHex(decodeBase64(vector.spkiB64).subarray(0, 4))).toBe('30820122');
  const vkey = formatVerifierKey(key.name, key.type, key.key);
  expect(parseVerifierKey(vkey)).toEqual(key);
  expect(rsaNoteVerifier(parseVerifierKey(vkey))).toMatchObject({
    name: vector.origin,
    keyId: vector.keyId,
    type: 255,
  });
});

test.each([2048, 3072, 4096, 2056])(
  'a checkpoint signed with a key of %i bits',
  async (modulusLength) => {
    const key = generateKeyPairSync('rsa', { modulusLength }).privateKey;
    const vkey = rsaVerifierKey('log.example', spkiOf(key));
    const note = await signNote(text, [{ ...vkey, sign: async (bytes) => sign('sha256', bytes, key) }]);
    expect(openCheckpoint(note, 'log.example', rsaNoteVerifier(vkey)).size).toBe(1);
    const other = encodeUtf8(decodeUtf8(note).replace('\n1\n', '\n2\n'));
    expectCode(() => openCheckpoint(other, 'log.example', rsaNoteVerifier(vkey)), CoreError, 'bad-signature');
  },
  120_000,
);

test('exponents other than 65537', () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey;
  const signature = sign('sha256', text, key);
  expect(rsaCheck(spkiOf(key))(text, signature)).toBe(true);
  expect(rsaCheck(spkiOf(key))(encodeUtf8('x'), signature)).toBe(false);
}, 60_000);

test('bad signatures are false, not thrown', () => {
  const good = new Uint8Array(sign('sha256', text, pair));
  expect(check(text, good)).toBe(true);
  for (let at = 0; at < good.length; at++) {
    const flipped = good.slice();
    flipped[at] = (flipped[at] ?? 0) ^ (2 ** (at % 8));
    expect(check(text, flipped), `byte ${at}`).toBe(false);
  }
  const zeros = new Uint8Array(256);
  for (const bad of [zeros.subarray(1), zeros, zeros.slice().fill(255), concatBytes(good, zeros.subarray(0, 1))]) {
    expect(check(text, bad)).toBe(false);
  }
  // The same number, raised by the modulus or written with a leading zero.
  const modulus = BigInt(`0x${encodeHex(spki.subarray(33, 33 + 256))}`);
  const raised = (BigInt(`0x${encodeHex(good)}`) + modulus).toString(16).padStart(512, '0');
  if (raised.length === 512) expect(check(text, Buffer.from(raised, 'hex'))).toBe(false);
  expect(check(text, concatBytes(Uint8Array.of(0), good))).toBe(false);
  expect(check(text, sign('sha512', text, pair))).toBe(false);
  const pss = sign('sha256', text, { key: pair, padding: constants.RSA_PKCS1_PSS_PADDING });
  expect(check(text, pss)).toBe(false);
});

test('only the one encoding of the digest passes', () => {
  const digest = sha256(text);
  const raw = (encoded: Uint8Array) =>
    new Uint8Array(privateEncrypt({ key: pair, padding: constants.RSA_NO_PADDING }, encoded));
  const encode = (info: Uint8Array, padding = 256 - 3 - info.length, fill = 0xff, lead = 1) =>
    concatBytes(
      Uint8Array.of(0, lead),
      new Uint8Array(padding).fill(fill),
      Uint8Array.of(0),
      info,
      new Uint8Array(256 - 3 - padding - info.length),
    );
  const info = concatBytes(DIGEST_INFO, digest);
  expect(check(text, raw(encode(info)))).toBe(true);
  const withoutNull = concatBytes(Buffer.from('302f300b0609608648016503040201 0420'.replace(' ', ''), 'hex'), digest);
  const longLength = concatBytes(Buffer.from('308131300d060960864801650304020105000420', 'hex'), digest);
  for (const [what, encoded] of Object.entries({
    'no NULL': encode(withoutNull),
    'a length in two bytes': encode(longLength),
    'the bare digest': encode(digest),
    'something behind the digest': encode(info, 8),
    'padding of zeros': encode(info, undefined, 0),
    'block type 2': encode(info, undefined, 0xff, 2),
  })) {
    expect(check(text, raw(encoded)), what).toBe(false);
  }
});

/** One DER element, its length in the shortest form. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, Math.floor(size / 256), size % 256];
  return concatBytes(Uint8Array.of(tag, ...length), content);
}

const ALGORITHM = Buffer.from('300d06092a864886f70d0101010500', 'hex');

/** An RSA key of numbers in hexadecimal, written as they stand. */
function rsaSpki(modulus: string, exponent = '010001', algorithm: Uint8Array = ALGORITHM): Uint8Array {
  const [n, e] = [Buffer.from(modulus, 'hex'), Buffer.from(exponent, 'hex')];
  return der(0x30, algorithm, der(0x03, Uint8Array.of(0), der(0x30, der(0x02, n), der(0x02, e))));
}

const MODULUS = `00${encodeHex(spki.subarray(33, 33 + 256))}`;

test('keys of another kind, size or exponent', () => {
  expect(rsaSpki(MODULUS)).toEqual(spki);
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const bits = (n: number) => `00${'ff'.repeat(n / 8)}`;
  const unknown = [
    spkiOf(ec),
    rsaSpki(bits(2040)),
    rsaSpki(`7f${'ff'.repeat(255)}`), // 2047 bits
    rsaSpki(bits(4104)),
    rsaSpki(`01${'ff'.repeat(512)}`), // 4097 bits
    rsaSpki(`${MODULUS.slice(0, -2)}fe`), // even
    ...['01', '02', '010000', '0080000001', '00ffffffff', '010000000001'].map((e) => rsaSpki(MODULUS, e)),
    rsaSpki(MODULUS, '010001', Buffer.from('300d06092a864886f70d01010a0500', 'hex')), // RSA-PSS
    rsaSpki(MODULUS, '010001', Buffer.from('300b06092a864886f70d010101', 'hex')), // no NULL
  ];
  for (const bytes of unknown) expectCode(() => rsaCheck(bytes), CoreError, 'unknown-key');
  for (const good of [rsaSpki(bits(2048)), rsaSpki(bits(4096)), rsaSpki(MODULUS, '03'), rsaSpki(MODULUS, '7fffffff')]) {
    expect(rsaCheck(good)(text, new Uint8Array(256))).toBe(false);
  }
  const vkey = rsaVerifierKey('a', spki);
  expectCode(() => rsaNoteVerifier({ ...vkey, type: KEY_TYPE.ecdsa }), CoreError, 'unknown-key');
});

test('a key cut anywhere, extended, or with a byte changed is refused or is another key', () => {
  for (let length = 0; length < spki.length; length++) {
    expect(() => rsaCheck(spki.subarray(0, length)), `${length} bytes`).toThrow(CoreError);
  }
  expectCode(() => rsaCheck(concatBytes(spki, Uint8Array.of(0))), CoreError, 'malformed');
  const good = sign('sha256', text, pair);
  for (let at = 0; at < spki.length; at++) {
    const changed = spki.slice();
    changed[at] = (changed[at] ?? 0) ^ 4;
    let verdict: boolean;
    try {
      verdict = rsaCheck(changed)(text, good);
    } catch (error) {
      expect(error).toBeInstanceOf(CoreError);
      continue;
    }
    expect(equalBytes(changed, spki) || verdict, `byte ${at}`).toBe(false);
  }
}, 60_000);

test('DER that is not canonical', () => {
  const malformed = [
    // Lengths that are longer than they need be, indefinite, or of three bytes.
    concatBytes(Uint8Array.of(0x30, 0x83, 0, 1, 0x22), spki.subarray(4)),
    concatBytes(Uint8Array.of(0x30, 0x80), spki.subarray(4), Uint8Array.of(0, 0)),
    concatBytes(Uint8Array.of(0x31), spki.subarray(1)),
    // Numbers that are negative, empty, or longer than they need be.
    rsaSpki(MODULUS.slice(2)),
    rsaSpki(`00${MODULUS}`),
    rsaSpki(MODULUS, ''),
    rsaSpki(MODULUS, '00010001'),
    rsaSpki(MODULUS, '81'),
    // Unused bits, a third number, and something behind the bit string.
    der(0x30, ALGORITHM, der(0x03, Uint8Array.of(1), spki.subarray(24))),
    der(0x30, ALGORITHM, der(0x03, Uint8Array.of(0), der(0x30, spki.subarray(28), der(0x02, Uint8Array.of(1))))),
    der(0x30, spki.subarray(4), der(0x02, Uint8Array.of(1))),
    der(0x30, ALGORITHM),
    der(0x30),
  ];
  for (const bytes of malformed) expectCode(() => rsaCheck(bytes), CoreError, 'malformed');
});
