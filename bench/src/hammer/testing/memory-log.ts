import { emptyRightEdge, integrate, type RightEdge } from '@tilewright/core/builder';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint, type OpenedCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { hashLeaves, leafHash } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { signNote } from '@tilewright/core/note';
import type { LogKey } from '@tilewright/signer';

/** A log in memory: whoever tests decides what it signs. */
export class MemoryLog {
  readonly files: Map<string, Uint8Array> = new Map<string, Uint8Array>();
  readonly key: LogKey;
  #edge: RightEdge = emptyRightEdge();

  constructor(key: LogKey) {
    this.key = key;
  }

  /** Adds these entries, and signs what is there then. */
  grow(texts: readonly string[]): Promise<OpenedCheckpoint> {
    const entries = texts.map((text) => encodeUtf8(text));
    const leafHashes = new Uint8Array(32 * entries.length);
    for (const [i, entry] of entries.entries()) leafHashes.set(hashLeaves(entry, [0, entry.length]), 32 * i);
    const { edge, writes } = integrate(this.#edge, { entries, leafHashes }, this.#edge.tree.size);
    for (const { path, bytes } of writes) this.files.set(path, bytes);
    this.#edge = edge;
    return this.sign(edge.tree);
  }

  /** Signs any tree. */
  async sign(tree: Tree): Promise<OpenedCheckpoint> {
    const { origin, signer, verifier } = this.key;
    const note = await signNote(formatCheckpoint({ origin, ...tree, extensions: [] }), [signer]);
    return openCheckpoint(note, origin, verifier);
  }
}

/** `count` texts, from number `start`; each text is of one number alone. */
export function texts(start: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `entry ${start + i}`);
}

/** The leaf hash of a text. */
export function leafOf(text: string): ReturnType<typeof leafHash> {
  return leafHash(encodeUtf8(text));
}
