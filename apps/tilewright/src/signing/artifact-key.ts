import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { ClientError, type SigningKey, signingKey } from '@tilewright/client';
import { CommandError } from '../cli/command-error.ts';
import { readableFileProblem } from '../files/readable-file.ts';

/** A key that signs files. */
export interface ArtifactKey extends SigningKey {
  readonly privateKey: KeyObject;
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
  if (privateKey.asymmetricKeyType === 'ed25519') {
    throw new CommandError(
      'usage',
      `${name} is an Ed25519 key: Rekor takes only its prehashed form, which is not made here; use an ECDSA key`,
    );
  }
  try {
    return { privateKey, ...signingKey(createPublicKey(privateKey).export({ type: 'spki', format: 'der' })) };
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    throw new CommandError(
      'usage',
      `${name}: ${cause.message}; ECDSA P-256, P-384, P-521 and RSA 2048, 3072, 4096 sign files here`,
      { cause },
    );
  }
}
