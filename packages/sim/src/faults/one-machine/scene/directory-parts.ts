import type { SimulatedDisk } from '@tilewright/store-posix/testing';
import { ROOT } from '../../../machine/disk-view.ts';

/** Every file of a log's directory, relative to it, with its bytes. */
export type DirectoryCopy = ReadonlyMap<string, Uint8Array>;

/** A copy of the whole directory. */
export function copyOf(disk: SimulatedDisk): DirectoryCopy {
  return new Map(
    disk.files(ROOT).map((path) => {
      const file = disk.file(path);
      const bytes = new Uint8Array(file.size);
      file.read(bytes, 0);
      return [path.slice(ROOT.length + 1), bytes];
    }),
  );
}

/** Whether `path` is `part`, or lies below it. */
export function isWithin(path: string, part: string): boolean {
  return path === part || path.startsWith(`${part}/`);
}

/** Makes these files the ones below `part`, durably: as somebody does who removes it and copies it back. */
export async function replacePart(disk: SimulatedDisk, part: string, copy: DirectoryCopy): Promise<void> {
  await removePart(disk, part);
  await addPart(disk, part, copy);
}

/** Removes `part` with everything below it, durably. */
export async function removePart(disk: SimulatedDisk, part: string): Promise<void> {
  const somebody = disk.process();
  const path = part === '' ? ROOT : `${ROOT}/${part}`;
  for (const file of disk.files(path)) await somebody.unlink(file);
  const remove = async (directory: string): Promise<void> => {
    for (const name of (await somebody.readdir(directory)) ?? []) await remove(`${directory}/${name}`);
    await somebody.rmdir(directory);
  };
  if (disk.find(path)?.kind === 'directory') await remove(path);
  disk.powerLoss(1);
}

/** Copies the files of `copy` below `part` over what is there, durably; what else is there stays. */
export async function addPart(disk: SimulatedDisk, part: string, copy: DirectoryCopy): Promise<void> {
  const somebody = disk.process();
  for (const [name, bytes] of copy) {
    if (!isWithin(name, part) && part !== '') continue;
    const path = `${ROOT}/${name}`;
    const directories = path.split('/').slice(1, -1);
    for (let depth = 1; depth <= directories.length; depth++) {
      await somebody.mkdir(`/${directories.slice(0, depth).join('/')}`, 0o755);
    }
    if (disk.find(path) !== undefined) await somebody.unlink(path);
    await (await somebody.open(path, 'create', 0o644)).pwrite(bytes, 0);
  }
  disk.powerLoss(1);
}
