import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { generateEd25519KeyPem } from '@tilewright/signer';
import { newSecretFile } from '../files/new-secret-file.ts';

/**
 * Makes the log's key where there is none: mode 0600, in a folder that is 0700 when it is made here.
 * An existing file is left as it is. Returns whether a key was made.
 */
export function makeKeyIfAbsent(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return newSecretFile(path, generateEd25519KeyPem());
}
