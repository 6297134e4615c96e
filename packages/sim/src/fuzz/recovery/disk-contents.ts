import { must } from '@tilewright/fuzz';
import { LAYOUT, type SimulatedDisk } from '@tilewright/store-posix/testing';
import { bytesOf } from './log-images.ts';
import { ROOT } from './small-log.ts';

/** The files of a directory by path: how long each is, and what it holds. */
export type Contents = ReadonlyMap<string, { readonly size: number; readonly bytes: Uint8Array }>;

/** All files but those that every start writes anew: how long they are, and what is in them. */
export function contents(disk: SimulatedDisk): Contents {
  const ours = [LAYOUT.owner, LAYOUT.lock, `${LAYOUT.temp}/`, `${LAYOUT.state}.new-`].map((path) => `${ROOT}/${path}`);
  const paths = disk.files(ROOT).filter((path) => !ours.some((own) => path.startsWith(own)));
  return new Map(paths.map((path) => [path, { size: disk.file(path).size, bytes: bytesOf(disk, path) }]));
}

/** Whatever was served below `tile/`, damaged or not, is served as it was, or was a partial tile and is gone. */
export function checkTiles(before: Contents, after: Contents): void {
  for (const path of before.keys()) {
    if (!path.startsWith(`${ROOT}/${LAYOUT.tiles}/`)) continue;
    const gone = !after.has(path) && path.includes('.p/');
    must(gone || isSame(before, after, path), () => `${path} changed its bytes`);
  }
}

function isSame(before: Contents, after: Contents, path: string): boolean {
  const [was, is] = [before.get(path), after.get(path)];
  return was !== undefined && is?.size === was.size && Buffer.compare(was.bytes, is.bytes) === 0;
}

/** Whoever refuses a directory leaves it as it is. A register that is missing is made empty, which says as little. */
export function checkUnchanged(before: Contents, after: Contents): void {
  for (const path of before.keys()) must(isSame(before, after, path), () => `a refusal changed ${path}`);
  for (const [path, { size }] of after) must(before.has(path) || size === 0, () => `a refusal made ${path}`);
}
