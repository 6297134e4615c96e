import { createHash, createSign } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CommandError } from '../cli/command-error.ts';
import type { ArtifactKey } from './artifact-key.ts';

/** A hash as node:crypto calls it. */
export type HashName = ArtifactKey['hash']['node'];

/** A file's digest and the signature over it. */
export interface SignedFile {
  readonly digest: Uint8Array;
  /** DER for ECDSA, PKCS#1 v1.5 for RSA. */
  readonly signature: Uint8Array;
}

/** Hashes and signs a file of any length, reading it once. */
export async function signFile(path: string, key: ArtifactKey, signal: AbortSignal): Promise<SignedFile> {
  const sign = createSign(key.hash.node);
  const digest = await eachChunk(path, key.hash.node, signal, (chunk) => sign.update(chunk));
  return { digest, signature: sign.sign(key.privateKey) };
}

/** A file's digest. @throws CommandError 'usage' when it cannot be read */
export function hashFile(path: string, hash: HashName, signal: AbortSignal): Promise<Uint8Array> {
  return eachChunk(path, hash, signal, () => undefined);
}

async function eachChunk(
  path: string,
  hash: HashName,
  signal: AbortSignal,
  also: (chunk: Uint8Array) => unknown,
): Promise<Uint8Array> {
  const digest = createHash(hash);
  try {
    for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Uint8Array>) {
      digest.update(chunk);
      also(chunk);
    }
  } catch (cause) {
    if (signal.aborted) throw new CommandError('failed', 'interrupted', { cause });
    throw new CommandError('usage', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return digest.digest();
}
