import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { concatBytes, decodeBase64, decodeUtf8, encodeBase64, encodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { expectCode, expectCodeAsync } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import type { KeyEncryptionKey } from '../kek/key-encryption-key.ts';
import { SignerError, type SignerErrorCode } from '../signer-error.ts';
import { keyTypeOf } from './keys/private-key.ts';
import {
  cleartextKeyset,
  encryptKeyset,
  openKeyset,
  parseKeysetFile,
  primaryEntry,
  primaryKey,
  readKeyset,
} from './keyset.ts';
import { encodeEncryptedKeyset, encodeKeyset } from './keyset-binary.ts';
import { clearKeyset, type KeyStatus, type Keyset, type KeysetKey, keysetInfoOf } from './keyset-model.ts';
import { KEYSET_TEMPLATES, newKeyset, withNewPrimary } from './new-keyset.ts';
import { bytesField, uint32Field } from './wire-writer.ts';

interface Published {
  readonly name: string;
  readonly type: string;
  readonly keyId: number;
  readonly file?: string;
  readonly fileBase64?: string;
  readonly publicKeyHex?: string;
}

const published: { readonly keysets: readonly Published[]; readonly encrypted: Published } = JSON.parse(
  readFileSync(new URL('../../testdata/tink-keysets.json', import.meta.url), 'utf8'),
);

const TEXT = encodeUtf8('a note\n');
const DIGESTS: Readonly<Record<string, string | null>> = {
  Ed25519: null,
  'ECDSA P-256': 'sha256',
  'ECDSA P-384': 'sha384',
  'ECDSA P-521': 'sha512',
};

/** Shows what it encrypts to everybody, as base64: the stand-in that one of the published keysets was made with. */
const base64Kek: KeyEncryptionKey = {
  uri: 'base64',
  encrypt: async (plaintext) => encodeUtf8(encodeBase64(plaintext)),
  // A Buffer, as node:crypto and the libraries of the services give: its slices are views.
  decrypt: async (ciphertext) => Buffer.from(decodeUtf8(ciphertext), 'base64'),
};

const fileOf = ({ file, fileBase64 }: Published) =>
  file === undefined ? decodeBase64(fileBase64 ?? '') : encodeUtf8(file);

/** What is left of a keyset when its secrets are written as base64. */
const plain = ({ primaryKeyId, keys }: Keyset) => ({
  primaryKeyId,
  keys: keys.map(({ data, ...key }) => ({ ...key, data: data && { ...data, value: encodeBase64(data.value) } })),
});

test.each(published.keysets)('$name loads, and signs without a prefix', async (one) => {
  const keyset = await readKeyset(fileOf(one));
  const entry = primaryEntry(keyset);
  expect([entry.id, keyTypeOf(entry)]).toEqual([one.keyId, one.type]);
  const key = primaryKey(keyset);
  expect(verify(DIGESTS[one.type] ?? null, TEXT, key.publicKey, await key.sign(TEXT))).toBe(true);
  if (one.publicKeyHex !== undefined) {
    const spki = key.publicKey.export({ type: 'spki', format: 'der' });
    expect(encodeHex(spki.subarray(-32))).toBe(one.publicKeyHex);
  }
});

test('an encrypted keyset of tinkey loads, and is the one that it published in the clear', async () => {
  const file = fileOf(published.encrypted);
  const clear = await readKeyset(
    fileOf(published.keysets.find(({ keyId }) => keyId === published.encrypted.keyId) ?? published.encrypted),
  );
  const keyset = await readKeyset(file, base64Kek);
  expect(plain(keyset)).toEqual(plain(clear));
  expect(parseKeysetFile(file)).toMatchObject({ format: 'json', encrypted: true, info: keysetInfoOf(clear) });
  const again: unknown = JSON.parse(decodeUtf8(await encryptKeyset(keyset, base64Kek, 'json')));
  expect(again).toEqual(JSON.parse(decodeUtf8(file)));
});

test('a binary keyset of tinkey is written again byte by byte', async () => {
  for (const one of published.keysets.filter(({ fileBase64 }) => fileBase64 !== undefined)) {
    expect(encodeBase64(cleartextKeyset(await readKeyset(fileOf(one)), 'binary'))).toBe(one.fileBase64);
  }
  for (const one of published.keysets.filter(({ file }) => file !== undefined)) {
    expect(decodeUtf8(cleartextKeyset(await readKeyset(fileOf(one)), 'json')).trimEnd()).toBe(one.file);
  }
});

test.each(KEYSET_TEMPLATES)('a new %s keyset comes back from every form it is written in', async (template) => {
  const keyset = withNewPrimary(newKeyset(template), template);
  expect(primaryEntry(keyset)).toBe(keyset.keys[1]);
  const publicPem = (from: Keyset) => primaryKey(from).publicKey.export({ type: 'spki', format: 'pem' });
  for (const format of ['json', 'binary'] as const) {
    const clear = await readKeyset(cleartextKeyset(keyset, format));
    const encrypted = await encryptKeyset(keyset, base64Kek, format);
    const opened = await readKeyset(encrypted, base64Kek);
    expect([plain(clear), plain(opened)]).toEqual([plain(keyset), plain(keyset)]);
    expect([publicPem(clear), publicPem(opened)]).toEqual([publicPem(keyset), publicPem(keyset)]);
    expect(parseKeysetFile(encrypted)).toMatchObject({ format, encrypted: true, info: keysetInfoOf(keyset) });
  }
  clearKeyset(keyset);
  expect(keyset.keys.every(({ data }) => data?.value.every((byte) => byte === 0))).toBe(true);
});

test('the keyset info is a hint: one that is absent or wrong changes nothing, as in Tink', async () => {
  const keyset = newKeyset('ED25519');
  const ciphertext = await base64Kek.encrypt(encodeKeyset(keyset), new Uint8Array());
  const other = newKeyset('ECDSA_P256');
  for (const file of [
    bytesField(2, ciphertext),
    encodeEncryptedKeyset(ciphertext, other),
    encodeUtf8(JSON.stringify({ encryptedKeyset: encodeBase64(ciphertext) })),
  ]) {
    expect(plain(await readKeyset(file, base64Kek))).toEqual(plain(keyset));
  }
});

test('JSON may be written as other writers of protobuf do', async () => {
  const keyset = newKeyset('ED25519');
  const [key] = keyset.keys;
  const value = encodeBase64(key?.data?.value ?? new Uint8Array());
  const json = {
    kekUri: 'gcp-kms://skipped',
    primary_key_id: `${keyset.primaryKeyId}`,
    key: [
      {
        key_data: {
          type_url: key?.data?.typeUrl,
          value: value.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
          key_material_type: 2,
        },
        status: 1,
        keyId: keyset.primaryKeyId,
        outputPrefixType: 'TINK',
        later: null,
      },
    ],
  };
  const file = encodeUtf8(`\r\n ${JSON.stringify(json, null, 2)}\n`);
  expect(plain(await readKeyset(file))).toEqual(plain(keyset));
});

test('protobuf is read as protobuf is: unknown fields skipped, the last of several counts, parts of a message merged', async () => {
  const keyset = newKeyset('ED25519');
  const unknown = concatBytes(
    uint32Field(100, 7),
    bytesField(101, 'text'),
    Uint8Array.of(0xb1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8),
    Uint8Array.of(0xb5, 0x06, 1, 2, 3, 4),
    Uint8Array.of(0xbb, 0x06, 0x08, 0x01, 0xbc, 0x06),
  );
  const [key] = keyset.keys;
  const data = concatBytes(bytesField(1, 'other'), bytesField(1, key?.data?.typeUrl ?? ''), unknown);
  const rest = concatBytes(bytesField(2, key?.data?.value ?? new Uint8Array()), uint32Field(3, 2));
  const state = concatBytes(uint32Field(2, 3), uint32Field(2, 1), uint32Field(3, key?.id ?? 0), uint32Field(4, 1));
  const file = concatBytes(
    uint32Field(1, 5),
    bytesField(2, concatBytes(bytesField(1, data), state, bytesField(1, rest), unknown)),
    unknown,
    uint32Field(1, keyset.primaryKeyId),
  );
  expect(plain(await readKeyset(file))).toEqual(plain(keyset));
});

const good = newKeyset('ED25519');
const [goodKey] = good.keys;
const withKey = (change: Partial<KeysetKey>, primaryKeyId = good.primaryKeyId): Keyset => ({
  primaryKeyId,
  keys: good.keys.map((key) => ({ ...key, ...change })),
});
const withStatus = (status: KeyStatus) => withKey({ status });
const withType = (type: string) =>
  withKey({ data: goodKey?.data && { ...goodKey.data, typeUrl: `type.googleapis.com/google.crypto.tink.${type}` } });

test.each<[string, Keyset, SignerErrorCode, RegExp]>([
  ['no key at all', { primaryKeyId: 5, keys: [] }, 'keyset-no-primary', /holds no key/],
  ['no primary key', withKey({}, 0), 'keyset-no-primary', /names no primary key/],
  ['an absent primary key', withKey({}, 5), 'keyset-no-primary', /has no key 5/],
  ['a disabled primary key', withStatus('DISABLED'), 'keyset-no-primary', /is disabled/],
  ['a destroyed primary key', withStatus('DESTROYED'), 'keyset-no-primary', /is destroyed/],
  ['two primary keys', { ...good, keys: [...good.keys, ...good.keys] }, 'keyset-two-primaries', /two enabled keys/],
  ['a key of another kind', withType('AesGcmKey'), 'keyset-unknown-type', /type AesGcmKey, which does not sign/],
  ['a public key', withType('Ed25519PublicKey'), 'keyset-unknown-type', /Ed25519PublicKey/],
  ['a type that cannot be shown', withType('\n\u001b[31m'), 'keyset-unknown-type', /type unknown/],
  ['no data', withKey({ data: undefined }), 'keyset-malformed', /has no data/],
])('a keyset with %s says so', async (_, keyset, code, words) => {
  for (const format of ['json', 'binary'] as const) {
    const read = await readKeyset(cleartextKeyset(keyset, format));
    expect(expectCode(() => primaryKey(read), SignerError, code).message).toMatch(words);
  }
});

test('a disabled key with the id of the primary one is no second primary, as in Tink', async () => {
  const keyset = { ...good, keys: [...good.keys, ...withStatus('DISABLED').keys] };
  expect(primaryEntry(await readKeyset(cleartextKeyset(keyset, 'json')))).toMatchObject({ status: 'ENABLED' });
});

test('keys beside the primary one may be of any type', async () => {
  const keyset = {
    ...good,
    keys: [...withType('ChaCha20Poly1305Key').keys.map((key) => ({ ...key, id: 9 })), ...good.keys],
  };
  const read = await readKeyset(cleartextKeyset(keyset, 'binary'));
  expect(read.keys.map(keyTypeOf)).toEqual(['ChaCha20Poly1305Key', 'Ed25519']);
  expect(primaryKey(read).publicKey.asymmetricKeyType).toBe('ed25519');
});

/** An ECDSA key that says of itself what the test likes. */
function ecdsaKeyset(change: {
  hash?: number;
  curve?: number;
  encoding?: number;
  version?: number;
  secret?: Uint8Array;
  x?: Uint8Array;
  pad?: number;
}): Keyset {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  const number = (text: string) => concatBytes(new Uint8Array(change.pad ?? 0), Buffer.from(text, 'base64url'));
  const params = [change.hash ?? 3, change.curve ?? 2, change.encoding ?? 2].map((value, i) =>
    uint32Field(i + 1, value),
  );
  const publicKey = concatBytes(
    uint32Field(1, change.version ?? 0),
    bytesField(2, concatBytes(...params)),
    bytesField(3, change.x ?? number(x)),
    bytesField(4, number(y)),
  );
  const value = concatBytes(bytesField(2, publicKey), bytesField(3, change.secret ?? number(d)));
  const typeUrl = 'type.googleapis.com/google.crypto.tink.EcdsaPrivateKey';
  const data = { typeUrl, material: 'ASYMMETRIC_PRIVATE', value } as const;
  return { primaryKeyId: 7, keys: [{ id: 7, status: 'ENABLED', prefix: 'RAW', data }] };
}

test.each([0, 1, 5])('%i zero bytes before the numbers of an ECDSA key mean nothing', async (pad) => {
  expect(primaryKey(ecdsaKeyset({ pad })).publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
});

test('numbers that Tink wrote without their leading zero bytes are read', () => {
  for (let tries = 0; tries < 5000; tries++) {
    const keyset = newKeyset('ECDSA_P256');
    const value = keyset.keys[0]?.data?.value ?? new Uint8Array();
    if (value.at(-32) !== 0) continue;
    // The private value is the last field: its zero byte goes, and one from its length.
    const shorter = concatBytes(value.subarray(0, -33), Uint8Array.of(31), value.subarray(-31));
    const [key] = keyset.keys;
    const changed = { ...keyset, keys: [{ ...key, data: { ...key?.data, value: shorter } } as KeysetKey] };
    expect(
      createPublicKey(primaryKey(changed).publicKey.export({ type: 'spki', format: 'pem' })).equals(
        primaryKey(keyset).publicKey,
      ),
    ).toBe(true);
    return;
  }
  throw new Error('no private value began with a zero byte');
});

test.each<[string, Keyset, SignerErrorCode, RegExp]>([
  ['another curve', ecdsaKeyset({ curve: 5 }), 'keyset-unknown-type', /curve 5/],
  ['no curve', ecdsaKeyset({ curve: 0 }), 'keyset-unknown-type', /curve 0/],
  ['a hash that is not of its curve', ecdsaKeyset({ hash: 1 }), 'keyset-unknown-type', /hash 1/],
  ['an unknown encoding', ecdsaKeyset({ encoding: 3 }), 'keyset-unknown-type', /encoding 3/],
  ['a later version', ecdsaKeyset({ version: 1 }), 'keyset-unknown-type', /version 1/],
  ['no private value', ecdsaKeyset({ secret: new Uint8Array() }), 'keyset-malformed', /private half/],
  ['a private value of zero', ecdsaKeyset({ secret: new Uint8Array(32) }), 'keyset-malformed', /private half/],
  ['a private value too long', ecdsaKeyset({ secret: new Uint8Array(33).fill(1) }), 'keyset-malformed', /32 bytes/],
  [
    'a private value above the order',
    ecdsaKeyset({ secret: new Uint8Array(32).fill(255) }),
    'keyset-malformed',
    /too large for its curve/,
  ],
  [
    'the public half of another',
    ecdsaKeyset({ x: new Uint8Array(32).fill(1) }),
    'key-mismatch',
    /public key of another/,
  ],
])('an ECDSA key with %s is refused', (_, keyset, code, words) => {
  expect(expectCode(() => primaryKey(keyset), SignerError, code).message).toMatch(words);
});

test('an Ed25519 key with the public half of another, or of a wrong length, is refused', () => {
  const other = newKeyset('ED25519').keys[0]?.data?.value ?? new Uint8Array();
  const own = goodKey?.data?.value ?? new Uint8Array();
  const change = (value: Uint8Array) => withKey({ data: goodKey?.data && { ...goodKey.data, value } });
  const mixed = change(concatBytes(own.subarray(0, 34), other.subarray(34)));
  expectCode(() => primaryKey(mixed), SignerError, 'key-mismatch');
  const short = change(concatBytes(bytesField(2, new Uint8Array(31)), own.subarray(34)));
  expect(expectCode(() => primaryKey(short), SignerError, 'keyset-malformed').message).toMatch(/31 bytes, not 32/);
  expectCode(() => primaryKey(change(own.subarray(0, 34))), SignerError, 'keyset-malformed');
  expectCode(() => primaryKey(change(concatBytes(uint32Field(1, 1), own))), SignerError, 'keyset-unknown-type');
});

const SECRET = 'c2VjcmV0IHNlY3JldCBzZWNyZXQ';
test.each<[string, string | Uint8Array, RegExp]>([
  ['nothing', '', /is empty/],
  ['white space', ' \r\n\t', /is empty/],
  ['a PEM file', '-----BEGIN PRIVATE KEY-----\n', /PEM file/],
  ['too much', 'x'.repeat(65537), /at most 65536 bytes/],
  ['half of JSON', `{"key":[{"keyData":{"value":"${SECRET}`, /not whole JSON/],
  ['other JSON', `{"kty":"OKP","d":"${SECRET}"}`, /neither "key" nor/],
  ['a list of keys that is none', `{"key":"${SECRET}"}`, /"key" is not a list/],
  ['a key that is a text', `{"key":["${SECRET}"]}`, /a member of "key" is not an object/],
  ['an id that is none', '{"primaryKeyId":4294967296,"key":[]}', /"primaryKeyId" is not a number/],
  ['a negative id', '{"primaryKeyId":-1,"key":[]}', /"primaryKeyId" is not a number/],
  ['half an id', '{"primaryKeyId":1.5,"key":[]}', /"primaryKeyId" is not a number/],
  ['no status', '{"key":[{"outputPrefixType":"RAW"}]}', /"status" has an unknown number, 0/],
  ['an unknown status', `{"key":[{"status":"${SECRET}"}]}`, /"status" has an unknown name/],
  ['an unknown prefix', '{"key":[{"status":1,"outputPrefixType":9}]}', /"outputPrefixType" has an unknown number, 9/],
  [
    'a value that is not base64',
    `{"key":[{"status":1,"outputPrefixType":3,"keyData":{"value":"${SECRET}*"}}]}`,
    /"value" is not base64/,
  ],
  [
    'a type that is not text',
    '{"key":[{"status":1,"outputPrefixType":3,"keyData":{"typeUrl":[]}}]}',
    /"typeUrl" is not a text/,
  ],
  ['a wrong wire type', Uint8Array.of(0x08, 0x05, 0x10, 0x01), /field 2 has a wrong wire type/],
  ['a primary id of another wire type', Uint8Array.of(0x0a, 0x01, 0x41), /field 1 has a wrong wire type/],
  ['a number that does not end', Uint8Array.of(0x08, 0x85), /cut short/],
  ['a number of 70 bits', Uint8Array.of(0x08, ...new Array(10).fill(0xff)), /longer than 64 bits/],
  ['an id of 33 bits', Uint8Array.of(0x08, 0x80, 0x80, 0x80, 0x80, 0x10), /does not fit 32 bits/],
  ['a group that does not end', Uint8Array.of(0x08, 0x05, 0xbb, 0x06), /cut short/],
  ['an end of no group', Uint8Array.of(0x08, 0x05, 0xbc, 0x06), /not a protobuf message/],
  ['field 0', Uint8Array.of(0x08, 0x05, 0x00, 0x05), /not a protobuf message/],
  ['bytes after its end', concatBytes(cleartextKeyset(good, 'binary'), Uint8Array.of(0xff)), /cut short/],
  [
    'a type that is not UTF-8',
    concatBytes(
      uint32Field(1, 5),
      bytesField(
        2,
        concatBytes(uint32Field(2, 1), uint32Field(4, 1), bytesField(1, bytesField(1, Uint8Array.of(0xff)))),
      ),
    ),
    /not UTF-8/,
  ],
])('a file with %s is malformed, and the message holds nothing of it', async (_, content, words) => {
  const file = typeof content === 'string' ? encodeUtf8(content) : content;
  const error = await expectCodeAsync(() => readKeyset(file), SignerError, 'keyset-malformed');
  expect(error.message).toMatch(words);
  expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain(SECRET.slice(0, 8));
});

test('the key encryption key must be the right one, and named exactly when there is one', async () => {
  const encrypted = await encryptKeyset(good, base64Kek, 'json');
  await expectCodeAsync(() => readKeyset(encrypted), SignerError, 'encrypted');
  const clear = cleartextKeyset(good, 'binary');
  await expectCodeAsync(() => openKeyset(parseKeysetFile(clear), base64Kek), SignerError, 'kek-mismatch');
});

test('what a key encryption key decrypts to must be a binary keyset', async () => {
  const wrong = { ...base64Kek, decrypt: async () => encodeUtf8('{"key":[]}') };
  const file = await encryptKeyset(good, base64Kek, 'binary');
  await expectCodeAsync(() => readKeyset(file, wrong), SignerError, 'keyset-malformed');
});
