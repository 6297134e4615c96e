import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { SimulatedDisk } from '@tilewright/store-posix/testing';

type Directory = SimulatedDisk['root'];

/** A name on a disk: a directory, a file with bytes, or one more name of a file. */
type Name = { readonly path: string } & (
  | { readonly kind: 'directory'; readonly permissions: number }
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'link'; readonly to: string }
);

/** What is on a disk, by name; parents first. */
export interface DiskImage {
  readonly names: readonly Name[];
  /** Equal for equal contents. */
  readonly digest: string;
}

/** What programs see on this disk. */
export function imageOf(disk: SimulatedDisk): DiskImage {
  const names: Name[] = [];
  const paths = new Map<number, string>();
  walk(disk.root, '', paths, names);
  const digest = createHash('sha256');
  for (const name of names) {
    digest.update(`${name.kind} ${name.path} ${name.kind === 'file' ? name.bytes.length : ''}\n`);
    digest.update(name.kind === 'file' ? name.bytes : name.kind === 'link' ? name.to : '');
  }
  return { names, digest: digest.digest('hex') };
}

function walk(directory: Directory, at: string, paths: Map<number, string>, names: Name[]): void {
  for (const [name, inode] of [...directory.names].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = `${at}/${name}`;
    const known = paths.get(inode.id);
    if (inode.kind === 'directory') {
      names.push({ kind: 'directory', path, permissions: inode.permissions });
      walk(inode, path, paths, names);
    } else if (known !== undefined) {
      names.push({ kind: 'link', path, to: known });
    } else {
      paths.set(inode.id, path);
      const bytes = new Uint8Array(inode.size);
      inode.read(bytes, 0);
      names.push({ kind: 'file', path, bytes });
    }
  }
}

/** Makes real files of it in `dir`, which is emptied before. */
export function writeImage({ names }: DiskImage, dir: string): void {
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir);
  for (const name of names) {
    const path = `${dir}${name.path}`;
    if (name.kind === 'directory') fs.mkdirSync(path, name.permissions);
    else if (name.kind === 'link') fs.linkSync(`${dir}${name.to}`, path);
    else fs.writeFileSync(path, name.bytes, { mode: 0o600 });
  }
}
