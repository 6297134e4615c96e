import { createHash } from 'node:crypto';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { selectBackend } from '../src/hash/active-backend.ts';
import type { BackendName, Sha256Backend } from '../src/hash/sha256-backend.ts';

/** All that run in Node, each by itself. */
export const BACKENDS: readonly (readonly [BackendName, Sha256Backend])[] = (
  ['node', 'wasm-simd', 'javascript'] as const
).map((name) => [name, selectBackend(name)]);
selectBackend('fastest');

/** SHA-256 by OpenSSL. */
export function openssl(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** SHA-256 by @noble/hashes. */
export function noble(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = nobleSha256.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** `length` bytes that look like any others, the same ones every time. */
export function someBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (state * 48_271) % 2_147_483_647;
    bytes[i] = state % 256;
  }
  return bytes;
}
