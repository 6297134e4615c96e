import { createHash, hash } from 'node:crypto';
import { digest as asSha256 } from '@chainsafe/as-sha256';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { createSHA256 } from 'hash-wasm';

/** SHA-256 of one message, as others offer it. */
export interface HashLibrary {
  readonly name: string;
  digest(message: Uint8Array): Uint8Array;
}

/** Those that ours are measured beside. */
export async function hashLibraries(): Promise<readonly HashLibrary[]> {
  const hashWasm = await createSHA256();
  return [
    { name: '@noble/hashes', digest: (message) => nobleSha256(message) },
    { name: 'createHash', digest: (message) => createHash('sha256').update(message).digest() },
    { name: 'crypto.hash', digest: (message) => hash('sha256', message, 'buffer') },
    { name: 'hash-wasm', digest: (message) => hashWasm.init().update(message).digest('binary') },
    { name: '@chainsafe/as-sha256', digest: asSha256 },
  ];
}

/** Node hashes (RFC 6962, section 2.1) with a library: one staged message, a call a node. */
export function nodeHasher({ digest }: HashLibrary): (left: Uint8Array, right: Uint8Array) => Uint8Array {
  const message = new Uint8Array(65);
  message[0] = 1;
  return (left, right) => {
    message.set(left, 1);
    message.set(right, 33);
    return digest(message);
  };
}

/** Leaf hashes (RFC 6962, section 2.1) of entries of one length with a library: one staged message, a call a leaf. */
export function leafHasher({ digest }: HashLibrary, entrySize: number): (entry: Uint8Array) => Uint8Array {
  const message = new Uint8Array(1 + entrySize);
  return (entry) => {
    message.set(entry, 1);
    return digest(message);
  };
}
