import { verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { fileKekUri, newFileKek, openFileKek } from '../kek/file-kek.ts';
import { keyTypeOf } from './keys/private-key.ts';
import { cleartextKeyset, encryptKeyset, primaryEntry, primaryKey, readKeyset } from './keyset.ts';
import { encodeKeyset } from './keyset-binary.ts';
import type { Keyset } from './keyset-model.ts';
import { newKeyset, withNewPrimary } from './new-keyset.ts';
import { WireMessage } from './wire-message.ts';
import { bytesField } from './wire-writer.ts';

type Tink = typeof import('tink-crypto');

const TEXT = encodeUtf8('a note\n');
const NO_DATA = new Uint8Array();

let tink: Tink;

beforeAll(async () => {
  // It was written for browsers, and reads their names when it is loaded.
  Object.assign(globalThis, { self: globalThis, window: globalThis });
  const loaded: Tink & { readonly default?: Tink } = await import('tink-crypto');
  tink = loaded.default ?? loaded;
  tink.aead.register();
  tink.signature.register();
});

/** The key of an AES-GCM keyset (aes_gcm.proto: key_value 3). */
function aesKey(keyset: Keyset): Uint8Array {
  const { data } = primaryEntry(keyset);
  return new WireMessage(data?.value ?? NO_DATA, 'an AES-GCM key').bytes(3);
}

/** An AES-GCM keyset without output prefix, of a key that is not random to us. */
function aesKeyset(key: Uint8Array): Keyset {
  const data = {
    typeUrl: 'type.googleapis.com/google.crypto.tink.AesGcmKey',
    material: 'SYMMETRIC',
    value: bytesField(3, key),
  } as const;
  return { primaryKeyId: 77, keys: [{ id: 77, status: 'ENABLED', prefix: 'RAW', data }] };
}

function fileKek(key: Uint8Array) {
  const directory = mkdtempSync(join(tmpdir(), 'tilewright-tink-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'kek'), key, { mode: 0o600 });
  return openFileKek(fileKekUri(join(directory, 'kek')));
}

const ECDSA = [
  ['P-256', 'sha256', 'ECDSA_P256', () => tink.signature.ecdsaP256KeyTemplate()],
  ['P-384', 'sha384', 'ECDSA_P384_SHA384', () => tink.signature.ecdsaP384KeyTemplate()],
  ['P-521', 'sha512', 'ECDSA_P521', () => tink.signature.ecdsaP521KeyTemplate()],
] as const;

test.each(ECDSA)(
  'an ECDSA %s keyset of tink-crypto loads here, and both verify what the other signs',
  async (curve, digest, _template, template) => {
    const handle = await tink.generateNewKeysetHandle(template());
    const keyset = await readKeyset(tink.binaryInsecure.serializeKeyset(handle));
    const entry = primaryEntry(keyset);
    expect([keyTypeOf(entry), entry.prefix]).toEqual([`ECDSA ${curve}`, 'TINK']);
    const key = primaryKey(keyset);
    const prefix = Uint8Array.of(1, ...Buffer.from(entry.id.toString(16).padStart(8, '0'), 'hex'));
    const theirs = await (await handle.getPrimitive(tink.signature.PublicKeySign)).sign(TEXT);
    expect(theirs.subarray(0, 5)).toEqual(prefix);
    // Its P-384 keys hash with SHA-512; checkpoints are hashed with SHA-384.
    expect(verify(curve === 'P-384' ? 'sha512' : digest, TEXT, key.publicKey, theirs.subarray(5))).toBe(true);
    const ours = await key.sign(TEXT);
    expect(verify(digest, TEXT, key.publicKey, ours)).toBe(true);
    const verifier = await handle.getPublicKeysetHandle().getPrimitive(tink.signature.PublicKeyVerify);
    expect(await verifier.verify(concatBytes(prefix, ours), TEXT)).toBe(curve !== 'P-384');
  },
);

/** The keyset with SHA-512 for its P-384 keys: the hash is the last byte of their first field's first field. */
function hashedBySha512(keyset: Keyset): Keyset {
  const keys = keyset.keys.map((key) => ({
    ...key,
    data: key.data && { ...key.data, value: key.data.value.with(5, 4) },
  }));
  return { ...keyset, keys };
}

test.each(ECDSA)(
  'an ECDSA %s keyset of ours loads in tink-crypto, and signs there',
  async (curve, digest, template) => {
    const keyset = withNewPrimary(newKeyset(template), template);
    const load = async (from: Keyset) => {
      const handle = tink.binaryInsecure.deserializeKeyset(cleartextKeyset(from, 'binary'));
      const signer = await handle.getPrimitive(tink.signature.PublicKeySign);
      return { signer, verifier: await handle.getPublicKeysetHandle().getPrimitive(tink.signature.PublicKeyVerify) };
    };
    // It knows no SHA-384 at all.
    if (curve === 'P-384') await expect(load(keyset)).rejects.toThrow('Unknown hash type');
    const { signer, verifier } = await load(curve === 'P-384' ? hashedBySha512(keyset) : keyset);
    const signature = await signer.sign(TEXT);
    const { publicKey } = primaryKey(keyset);
    expect(verify(curve === 'P-384' ? 'sha512' : digest, TEXT, publicKey, signature.subarray(5))).toBe(true);
    expect(await verifier.verify(signature, TEXT)).toBe(true);
  },
);

test('an AES-GCM keyset of tink-crypto is a key encryption key here, and each decrypts what the other encrypts', async () => {
  const handle = await tink.generateNewKeysetHandle(tink.aead.aes256GcmNoPrefixKeyTemplate());
  const theirs = await handle.getPrimitive(tink.aead.Aead);
  const ours = fileKek(aesKey(await readKeyset(tink.binaryInsecure.serializeKeyset(handle))));
  const keyset = newKeyset('ED25519');
  const plaintext = encodeKeyset(keyset);
  expect(await ours.decrypt(await theirs.encrypt(plaintext, NO_DATA), NO_DATA)).toEqual(Buffer.from(plaintext));
  expect(await theirs.decrypt(await ours.encrypt(plaintext, NO_DATA), NO_DATA)).toEqual(plaintext);
  const file = bytesField(2, await theirs.encrypt(plaintext, NO_DATA));
  expect(primaryEntry(await readKeyset(file, ours)).id).toBe(keyset.primaryKeyId);
});

test('a key encryption key of ours is an AES-GCM keyset there, and decrypts an encrypted keyset of ours', async () => {
  const key = newFileKek();
  const theirs = await tink.binaryInsecure
    .deserializeKeyset(cleartextKeyset(aesKeyset(key), 'binary'))
    .getPrimitive(tink.aead.Aead);
  const keyset = newKeyset('ECDSA_P256');
  const file = await encryptKeyset(keyset, fileKek(key), 'binary');
  const plaintext = await theirs.decrypt(new WireMessage(file, 'a file').bytes(2), NO_DATA);
  const handle = tink.binaryInsecure.deserializeKeyset(plaintext);
  expect(handle.getKeyset().getPrimaryKeyId()).toBe(keyset.primaryKeyId);
});
