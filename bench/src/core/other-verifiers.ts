// Packages of npm that do what ours does, each behind the one function that a row measures.
import { createHash, type KeyObject } from 'node:crypto';
import { LogCheckpoint, verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { decodeUtf8 } from '@tilewright/core/bytes';
import { MerkleTree } from 'merkletreejs';

type SigstoreEntry = Parameters<typeof verifyCheckpoint>[0];

/** The node hash of RFC 6962, as merkletreejs asks for it: of two children behind one another. */
function hashChildren(children: Buffer): Buffer {
  return createHash('sha256').update(Uint8Array.of(1)).update(children).digest();
}

/** A merkletreejs tree of RFC 6962 over leaf hashes: a last node without a sibling moves up, as it does by default. */
export function merkleTreeJs(leafHashes: readonly Uint8Array[]): MerkleTree {
  return new MerkleTree(
    leafHashes.map((leaf) => Buffer.from(leaf)),
    hashChildren,
  );
}

/** Verification of an inclusion proof by merkletreejs, which is told on which side each hash stands. */
export function merkleTreeJsInclusion(
  leafHash: Uint8Array,
  index: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): () => boolean {
  const steps = proof.map((hash, level) => ({
    position: Math.floor(index / 2 ** level) % 2 === 1 ? ('left' as const) : ('right' as const),
    data: Buffer.from(hash),
  }));
  const [leaf, expected] = [Buffer.from(leafHash), Buffer.from(root)];
  return () => MerkleTree.verify(steps, leaf, expected, hashChildren);
}

/** Verification of an entry's inclusion by @sigstore/verify: the hash of its leaf, and the proof. Throws when it fails. */
export function sigstoreInclusion(
  body: Uint8Array,
  index: number,
  tree: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): () => void {
  const entry = sigstoreEntry({ body, index, proof });
  const checkpoint = new LogCheckpoint('log.example', BigInt(tree.size), Buffer.from(tree.root), []);
  return () => verifyMerkleInclusion(entry, checkpoint);
}

/** A checkpoint without its signatures, read by @sigstore/verify. */
export function sigstoreParse(text: Uint8Array): LogCheckpoint {
  return LogCheckpoint.fromString(decodeUtf8(text));
}

/** A signed checkpoint, read and verified by @sigstore/verify. Throws when the signature is wrong. */
export function sigstoreOpen(
  note: Uint8Array,
  { origin, keyId, publicKey }: { readonly origin: string; readonly keyId: Uint8Array; readonly publicKey: KeyObject },
): () => LogCheckpoint {
  const validFor = { start: new Date(0), end: new Date(8e15) };
  const logs = [{ logID: Buffer.from(keyId), baseURL: origin, publicKey, validFor }];
  const envelope = decodeUtf8(note);
  const entry = sigstoreEntry({ envelope });
  return () => verifyCheckpoint(entry, logs);
}

function sigstoreEntry({
  body = new Uint8Array(0),
  index = 0,
  proof = [],
  envelope = '',
}: {
  readonly body?: Uint8Array;
  readonly index?: number;
  readonly proof?: readonly Uint8Array[];
  readonly envelope?: string;
}): SigstoreEntry {
  return {
    logIndex: String(index),
    logId: { keyId: Buffer.alloc(0) },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    integratedTime: '0',
    inclusionPromise: undefined,
    inclusionProof: {
      logIndex: String(index),
      rootHash: Buffer.alloc(0),
      treeSize: '0',
      hashes: proof.map((hash) => Buffer.from(hash)),
      checkpoint: { envelope },
    },
    canonicalizedBody: Buffer.from(body),
  };
}
