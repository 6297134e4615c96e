import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { bundlePath, decodeEntryBundle, encodeEntryBundle, parseTilePath, tilePath } from '@tilewright/core/tiles';

const TILE = 256;
const HASH = 32;

/** Every file that a static web server would serve of this log, by kind: `checkpoint`, `level 0 full`, `bundle partial`... */
export async function servedFiles(directory: string): Promise<Map<string, string[]>> {
  const kinds = new Map<string, string[]>([['checkpoint', ['checkpoint']]]);
  const entries = await readdir(join(directory, 'tile'), { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((file) => file.isFile())) {
    const path = relative(directory, join(entry.parentPath, entry.name));
    const kind = kindOf(path);
    kinds.set(kind, [...(kinds.get(kind) ?? []), path]);
  }
  return kinds;
}

/**
 * Puts back two partials as they were while their full tile and bundle grew, as a log that is not collected yet holds
 * them: the first 17 hashes of tile 0/000 and the first 17 entries of its bundle.
 */
export async function plantLeftovers(directory: string): Promise<void> {
  const width = 17;
  const hashes = await readFile(join(directory, tilePath({ level: 0, index: 0, width: TILE })));
  await put(directory, tilePath({ level: 0, index: 0, width }), hashes.subarray(0, width * HASH));
  const bundle = await readFile(join(directory, bundlePath({ index: 0, width: TILE })));
  const entries = decodeEntryBundle(bundle, TILE).slice(0, width);
  await put(directory, bundlePath({ index: 0, width }), encodeEntryBundle(entries));
}

async function put(directory: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), bytes);
}

function kindOf(path: string): string {
  const parsed = parseTilePath(path);
  const [name, width] =
    parsed.kind === 'hash' ? [`level ${parsed.tile.level}`, parsed.tile.width] : ['bundle', parsed.bundle.width];
  return `${name} ${width === TILE ? 'full' : 'partial'}`;
}
