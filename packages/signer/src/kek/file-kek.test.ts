import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeHex, encodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { expectCode, expectCodeAsync } from '@tilewright/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_KMS_OPTIONS } from '../kms/kms-options.ts';
import { SignerError } from '../signer-error.ts';
import { encryptKeyset, readKeyset } from '../tink/keyset.ts';
import { newKeyset } from '../tink/new-keyset.ts';
import { FILE_KEK_BYTES, fileKekUri, newFileKek, openFileKek } from './file-kek.ts';
import { openKek } from './open-kek.ts';

const NO_DATA = new Uint8Array();

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tilewright-kek-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function kekFile(content: Uint8Array = newFileKek(), mode = 0o600): string {
  const path = join(temporaryDirectory(), 'kek');
  writeFileSync(path, content, { mode });
  chmodSync(path, mode);
  return path;
}

test('it decrypts what it encrypts, with another IV each time', async () => {
  const kek = await openKek(fileKekUri(kekFile()), DEFAULT_KMS_OPTIONS);
  const [one, two] = await Promise.all([1, 2].map(() => kek.encrypt(encodeUtf8('secret'), NO_DATA)));
  expect(one).toHaveLength(12 + 6 + 16);
  expect(one).not.toEqual(two);
  for (const ciphertext of [one, two]) {
    expect(Buffer.from(await kek.decrypt(ciphertext ?? NO_DATA, NO_DATA)).toString()).toBe('secret');
  }
});

test('it is AES-256-GCM as NIST has it: test case 16 of the GCM specification', async () => {
  const path = kekFile(decodeHex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'));
  const iv = 'cafebabefacedbaddecaf888';
  const ciphertext =
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662';
  const tag = '76fc6ece0f4e1768cddf8853bb2d551b';
  const associatedData = decodeHex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
  const kek = openFileKek(fileKekUri(path));
  const plaintext = await kek.decrypt(decodeHex(iv + ciphertext + tag), associatedData);
  expect(encodeHex(Uint8Array.from(plaintext))).toBe(
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
  );
  await expectCodeAsync(() => kek.decrypt(decodeHex(iv + ciphertext + tag), NO_DATA), SignerError, 'kek-mismatch');
});

test('every change of a byte, every truncation, and another key are refused alike', async () => {
  const kek = openFileKek(fileKekUri(kekFile()));
  const other = openFileKek(fileKekUri(kekFile()));
  const ciphertext = await kek.encrypt(encodeUtf8('secret'), NO_DATA);
  const refused = [
    ...[...ciphertext].map((byte, at) => ciphertext.with(at, byte ^ 1)),
    ...[...ciphertext.keys()].map((size) => ciphertext.subarray(0, size)),
  ];
  for (const bytes of refused) {
    await expectCodeAsync(() => kek.decrypt(bytes, NO_DATA), SignerError, 'kek-mismatch');
  }
  const error = await expectCodeAsync(() => other.decrypt(ciphertext, NO_DATA), SignerError, 'kek-mismatch');
  expect(error.message).toContain(other.uri);
  const keyset = await encryptKeyset(newKeyset('ED25519'), kek, 'json');
  await expectCodeAsync(() => readKeyset(keyset, other), SignerError, 'kek-mismatch');
});

test.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o644])('a file of mode %o is refused', (mode) => {
  const path = kekFile(newFileKek(), mode);
  const error = expectCode(() => openFileKek(fileKekUri(path)), SignerError, 'bad-kek');
  expect(error.message).toContain(`chmod 600 ${path}`);
});

test('a file of mode 400, or reached by a link, is taken', async () => {
  const path = kekFile(newFileKek(), 0o400);
  const link = join(temporaryDirectory(), 'link');
  symlinkSync(path, link);
  const ciphertext = await openFileKek(fileKekUri(path)).encrypt(encodeUtf8('x'), NO_DATA);
  expect(await openFileKek(fileKekUri(link)).decrypt(ciphertext, NO_DATA)).toHaveLength(1);
});

test('what holds no key is refused', () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'folder'));
  const cases: readonly (readonly [string, RegExp])[] = [
    [join(directory, 'none'), /does not exist.*keyset new-kek/],
    [join(directory, 'folder'), /is not a file/],
    ...[0, 16, FILE_KEK_BYTES - 1, FILE_KEK_BYTES + 1, 1000].map(
      (size) => [kekFile(new Uint8Array(size).fill(65)), /does not hold 32 bytes/] as const,
    ),
  ];
  for (const [path, words] of cases) {
    const error = expectCode(() => openFileKek(fileKekUri(path)), SignerError, 'bad-kek');
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('AAAA');
  }
});

test.each([
  'file-kek://relative/path',
  'file-kek://',
  'file-kek:///nul\0byte',
  'file:///etc/kek',
  'gcp-kms',
  'GCP-KMS://x',
  'vault://x',
  '',
  '/etc/kek',
])('the URI %j names no key', async (uri) => {
  await expectCodeAsync(() => openKek(uri, DEFAULT_KMS_OPTIONS), SignerError, 'bad-uri');
});
