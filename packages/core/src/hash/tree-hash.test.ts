import { expect, test } from 'vitest';
import { BACKENDS, openssl } from '../../test/every-backend.ts';
import { encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { EMPTY_ROOT, leafHash, nodeHash, sha256 } from './tree-hash.ts';

test('known hashes', () => {
  expect(EMPTY_ROOT).toEqual(openssl());
  expect(encodeHex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  for (const [, backend] of BACKENDS) {
    expect(encodeHex(backend.digest(new TextEncoder().encode('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    // SHA-256 of the single byte 00: the leaf without content.
    expect(encodeHex(backend.leaf(new Uint8Array(0)))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  }
});

test('a leaf never hashes to a node', () => {
  const left = sha256(Uint8Array.of(1));
  const right = sha256(Uint8Array.of(2));
  expect(leafHash(concatBytes(left, right))).not.toEqual(nodeHash(left, right));
});

test('a hash is the caller’s own: later hashes leave it as it is', () => {
  for (const [, backend] of BACKENDS) {
    const left = backend.digest(Uint8Array.of(1));
    const right = backend.leaf(Uint8Array.of(2));
    const node = backend.node(left, right);
    const kept = [left, right, node].map((hash) => hash.slice());
    backend.nodes(new Uint8Array(640), new Uint8Array(320), 10);
    backend.node(node, node);
    expect([left, right, node]).toEqual(kept);
    expect(new Set([left, right, node].map((hash) => hash.buffer)).size).toBe(3);
  }
});
