import { generateKeyPairSync, type KeyObject, randomBytes, scryptSync } from 'node:crypto';
import { secretbox } from '@noble/ciphers/salsa.js';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { formatSigningKey } from '@tilewright/core/note';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { privateKeyFromSeed } from '../keys/private-seed.ts';
import { loadSignerFile } from '../load/load-signer-file.ts';
import { noteSignerOf } from '../notes/note-signer.ts';
import { SignerError } from '../signer-error.ts';

const ORIGIN = 'log.example.com';
const PASSWORD = 'geheim';
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const seed = randomBytes(32);
const ed25519 = privateKeyFromSeed('ed25519', seed);
const encrypted = { format: 'pem', cipher: 'aes-128-cbc', passphrase: PASSWORD } as const;

function sigstore(key: KeyObject): string {
  const [salt, nonce] = [randomBytes(32), randomBytes(24)];
  const sealed = secretbox(scryptSync(PASSWORD, salt, 32, { N: 16, r: 1, p: 1 }), nonce).seal(
    key.export({ type: 'pkcs8', format: 'der' }),
  );
  const json = {
    kdf: { name: 'scrypt', params: { N: 16, r: 1, p: 1 }, salt: salt.toString('base64') },
    cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
    ciphertext: Buffer.from(sealed).toString('base64'),
  };
  const label = 'ENCRYPTED SIGSTORE PRIVATE KEY';
  return `-----BEGIN ${label}-----\n${Buffer.from(JSON.stringify(json)).toString('base64')}\n-----END ${label}-----\n`;
}

/** A file of each form. A seed is a key whatever its bytes are; every other file holds what tells a damaged key. */
const FILES: Readonly<Record<string, { file: string; anyKey?: true; stride?: number }>> = {
  'Ed25519 PKCS#8': { file: ed25519.export({ type: 'pkcs8', format: 'pem' }) as string, anyKey: true },
  'Ed25519 encrypted PKCS#8': { file: ed25519.export({ type: 'pkcs8', ...encrypted }) as string, anyKey: true },
  'ECDSA PKCS#8': { file: ec.export({ type: 'pkcs8', format: 'pem' }) as string },
  'ECDSA encrypted PKCS#8': { file: ec.export({ type: 'pkcs8', ...encrypted }) as string },
  SEC1: { file: ec.export({ type: 'sec1', format: 'pem' }) as string },
  'encrypted SEC1': { file: ec.export({ type: 'sec1', ...encrypted }) as string },
  'PKCS#1': { file: rsa.export({ type: 'pkcs1', format: 'pem' }) as string, stride: 11 },
  'encrypted Sigstore key': { file: sigstore(ed25519) },
  'Go note key': { file: `${formatSigningKey(noteSignerOf(ORIGIN, ed25519).key, seed)}\n` },
};

/** The vkey of a file, or `undefined` when it is refused as it should be. */
function load(file: string): string | undefined {
  try {
    return loadSignerFile(encodeUtf8(file), ORIGIN, encodeUtf8(PASSWORD)).vkey;
  } catch (error) {
    expect(error).toBeInstanceOf(SignerError);
    return undefined;
  }
}

function replaced(file: string, at: number, code: number): string {
  return file.slice(0, at) + String.fromCharCode(code) + file.slice(at + 1);
}

test.each(Object.entries(FILES))('%s: cut off anywhere, it is refused', (_, { file, stride = 1 }) => {
  const whole = load(file);
  expect(whole).toBeDefined();
  const end = file.trimEnd().length;
  for (let length = 0; length < end; length += stride) expect(load(file.slice(0, length)), `${length}`).toBeUndefined();
  expect(load(file.slice(0, end))).toBe(whole);
});

test.each(Object.entries(FILES))(
  '%s: with any one byte changed, it is refused, or is the same key still',
  { timeout: 60_000 },
  (_, { file, anyKey, stride = 1 }) => {
    const whole = load(file);
    let refusals = 0;
    for (let at = 0; at < file.length; at += stride) {
      for (const flip of [1, 0x20]) {
        const vkey = load(replaced(file, at, file.charCodeAt(at) ^ flip));
        if (vkey === undefined) refusals++;
        else if (!anyKey) expect([at, vkey]).toEqual([at, whole]);
      }
    }
    expect(refusals).toBeGreaterThan(file.length / stride / 4);
  },
);

test('several changed, lost and added bytes at once are refused, or leave a key', { timeout: 60_000 }, () => {
  const files = fc.constantFrom(...Object.values(FILES).map(({ file }) => file));
  const change = fc.record({ at: fc.nat(), drop: fc.nat(3), add: fc.string({ maxLength: 3, unit: 'binary-ascii' }) });
  fc.assert(
    fc.property(files, fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) => {
      const damaged = changes.reduce((text, { at, drop, add }) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + add + text.slice(start + drop);
      }, file);
      load(damaged);
    }),
    { numRuns: 500 },
  );
});

test('bytes that are no key file at all are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const error = (() => {
        try {
          return loadSignerFile(bytes, ORIGIN, encodeUtf8(PASSWORD));
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toBeInstanceOf(SignerError);
    }),
    { numRuns: 300 },
  );
});
