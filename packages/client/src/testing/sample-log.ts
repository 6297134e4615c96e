import { generateKeyPairSync, sign } from 'node:crypto';
import { asTreeSize, encodeUtf8, type Hash } from '@tilewright/core/bytes';
import { type Checkpoint, formatCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT, leafHash } from '@tilewright/core/hash';
import {
  formatVerifierKey,
  type NoteSigner,
  type NoteVerifier,
  parseVerifierKey,
  signNote,
} from '@tilewright/core/note';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { naiveTileLevels, naiveTiles } from '@tilewright/core/testing';
import {
  bundlePath,
  bundlesBetween,
  encodeEntryBundle,
  encodeHashTile,
  subtreeHashFromTiles,
  tilePath,
  tilesBetween,
} from '@tilewright/core/tiles';
import type { TileSource } from '../source/tile-source.ts';

/** A key for notes of one name. */
export interface SampleKey {
  readonly signer: NoteSigner;
  readonly verifier: NoteVerifier;
  readonly vkey: string;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array<ArrayBuffer>;
}

/** A new Ed25519 key. */
export function sampleKey(name: string): SampleKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
  const vkey = formatVerifierKey(name, 0x01, spki.subarray(-32));
  const verifier = ed25519NoteVerifier(parseVerifierKey(vkey));
  const signer = {
    name,
    keyId: verifier.keyId,
    sign: (text: Uint8Array) => Promise.resolve(Uint8Array.from(sign(null, text, privateKey))),
  };
  return { signer, verifier, vkey, spki };
}

/** A whole log in memory, made by the slow algorithms of core. */
export interface SampleLog {
  readonly files: Map<string, Uint8Array>;
  readonly source: TileSource;
  readonly checkpoint: Checkpoint;
  readonly leaves: readonly Hash[];
}

/** Entry `i` of every sample log: of varying length, also empty. */
export function sampleEntry(i: number): Uint8Array {
  return encodeUtf8(i % 97 === 96 ? '' : `entry ${i} ${'.'.repeat(i % 13)}`);
}

/**
 * Makes a log of `size` entries.
 * @param alsoAt sizes at which it was published before: their partials are left over
 */
export async function sampleLog(key: SampleKey, size: number, alsoAt: readonly number[] = []): Promise<SampleLog> {
  const entries = Array.from({ length: size }, (_, i) => sampleEntry(i));
  const leaves = entries.map(leafHash);
  const levels = naiveTileLevels(leaves);
  const tileAt = naiveTiles(levels);
  const files = new Map<string, Uint8Array>();
  for (const at of [...alsoAt, size]) {
    for (const tile of tilesBetween(0, at)) {
      files.set(tilePath(tile), encodeHashTile(tileAt(tile.level, tile.index).slice(0, tile.width)));
    }
    for (const bundle of bundlesBetween(0, at)) {
      const start = bundle.index * 256;
      files.set(bundlePath(bundle), encodeEntryBundle(entries.slice(start, start + bundle.width)));
    }
  }
  const root = size === 0 ? EMPTY_ROOT : subtreeHashFromTiles(0, size, size, tileAt);
  const checkpoint = { origin: key.signer.name, size: asTreeSize(size), root, extensions: [] };
  files.set('checkpoint', await signNote(formatCheckpoint(checkpoint), [key.signer]));
  return { files, source: memorySource(files), checkpoint, leaves };
}

/** A source over files in memory, which can also list them. */
export function memorySource(files: ReadonlyMap<string, Uint8Array>): TileSource {
  return {
    label: 'memory',
    read: (path) => Promise.resolve(files.get(path)),
    list: (directory) => {
      const prefix = directory === '' ? '' : `${directory}/`;
      const names = new Map<string, boolean>();
      for (const path of files.keys()) {
        if (!path.startsWith(prefix)) continue;
        const [name = '', ...rest] = path.slice(prefix.length).split('/');
        names.set(name, rest.length > 0);
      }
      const listed = [...names].map(([name, isDirectory]) => ({ name, isDirectory }));
      return Promise.resolve(listed.length === 0 ? undefined : listed);
    },
  };
}
