import { encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import type { Tree } from '@tilewright/core/merkle';
import { formatSignatureLine } from '@tilewright/core/note';

/** A checkpoint note under a signature that nobody made: drivers read what notes say and verify nothing. */
export function unsignedNote(origin: string, tree: Tree, signature = 'a signature'): Uint8Array {
  const text = formatCheckpoint({ origin, size: tree.size, root: tree.root, extensions: [] });
  const line = formatSignatureLine(origin, 1, encodeUtf8(signature));
  return new Uint8Array([...text, ...encodeUtf8(`\n${line}`)]);
}
