import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import type { KeyDetailsName } from '@tilewright/client';
import { CommandError } from '../cli/command-error.ts';
import { readableFileProblem } from '../serve/readable-file.ts';

/** How a kind of key signs files for Rekor. */
export interface KeyKind {
  readonly keyDetails: KeyDetailsName;
  readonly hash: 'sha256' | 'sha384' | 'sha512';
}

/** A key that signs files. */
export interface ArtifactKey extends KeyKind {
  readonly privateKey: KeyObject;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

const CURVES: Readonly<Record<string, KeyKind>> = {
  prime256v1: { keyDetails: 'PKIX_ECDSA_P256_SHA_256', hash: 'sha256' },
  secp384r1: { keyDetails: 'PKIX_ECDSA_P384_SHA_384', hash: 'sha384' },
  secp521r1: { keyDetails: 'PKIX_ECDSA_P521_SHA_512', hash: 'sha512' },
};

const RSA: Readonly<Record<number, KeyKind>> = {
  2048: { keyDetails: 'PKIX_RSA_PKCS1V15_2048_SHA256', hash: 'sha256' },
  3072: { keyDetails: 'PKIX_RSA_PKCS1V15_3072_SHA256', hash: 'sha256' },
  4096: { keyDetails: 'PKIX_RSA_PKCS1V15_4096_SHA256', hash: 'sha256' },
};

/** The kind of a key, private or public; `undefined` for kinds that files are not signed with here. */
export function keyKindOf(key: KeyObject): KeyKind | undefined {
  const { namedCurve = '', modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec') return CURVES[namedCurve];
  return key.asymmetricKeyType === 'rsa' ? RSA[modulusLength] : undefined;
}

/** Loads a private key in PEM. @throws CommandError 'usage' */
export function loadArtifactKey(path: string): ArtifactKey {
  const unreadable = readableFileProblem('--key', path);
  if (unreadable !== undefined) throw new CommandError('usage', unreadable);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(readFileSync(path));
  } catch (cause) {
    const advice = 'an unencrypted private key in PEM is needed; --new-key makes one';
    throw new CommandError('usage', `--key: ${path} cannot be used: ${advice}`, { cause });
  }
  return artifactKey(privateKey, `--key: ${path}`);
}

/**
 * Makes a P-256 key: the private half at `path`, mode 0600, the public half beside it with `.pub`.
 * @throws CommandError 'usage' when either file is there: a key is never overwritten
 */
export function makeArtifactKey(path: string): ArtifactKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  try {
    const descriptor = openSync(path, 'wx', 0o600);
    try {
      writeSync(descriptor, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    writeFileSync(`${path}.pub`, publicKey.export({ type: 'spki', format: 'pem' }), { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new CommandError(
        'usage',
        `--new-key: ${path} is there already; use it with --key, or choose another name`,
        { cause },
      );
    }
    throw new CommandError('usage', `--new-key: ${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
  return artifactKey(privateKey, path);
}

function artifactKey(privateKey: KeyObject, name: string): ArtifactKey {
  const kind = keyKindOf(privateKey);
  if (kind !== undefined) {
    const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    return { ...kind, privateKey, spki };
  }
  const what =
    privateKey.asymmetricKeyType === 'ed25519'
      ? 'Ed25519 (Rekor takes it prehashed only)'
      : `${privateKey.asymmetricKeyType}`;
  throw new CommandError(
    'usage',
    `${name} is a key of the kind ${what}; ECDSA P-256, P-384, P-521 and RSA 2048, 3072, 4096 sign files here`,
  );
}
