import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeExt4, mountedAt, mountImage, runSystem, unmount } from '../../power-loss/machine/mounts.ts';
import { StateRefused } from '../state/chaos-state.ts';
import { hasPrivateMounts } from './private-namespace.ts';

/** Where the log lies. */
export interface ChaosDisk {
  /** The storage directory, below `top`. */
  readonly storageDir: string;
  readonly top: string;
  /** What file system it is. */
  readonly name: string;
  /** Major and minor number of its device, where it is a file system of its own. */
  readonly device: string | undefined;
  /** Why it is not a file system of its own: then it can be neither filled nor slowed down. */
  readonly whyNot: string | undefined;
  close(): void;
}

/** Sparse. The log keeps up to 1 GiB of written-out segments; the rest is for an hour of entries. */
const BYTES = 4 * 2 ** 30;

/**
 * Mounts the file system that belongs to a state directory, or makes it; a plain directory where nothing can be mounted.
 * @throws StateRefused when its log lies on a file system that cannot be mounted here, or is mounted elsewhere
 */
export function openDisk(dir: string): ChaosDisk {
  const image = join(dir, 'disk.ext4');
  const plain = join(dir, 'plain');
  if (existsSync(plain)) return plainDisk(plain, 'an earlier run could mount nothing, and its log goes on where it is');
  const whyNot = hasPrivateMounts() ? undefined : 'it takes root and mount namespaces (unshare, setpriv)';
  const isNew = !existsSync(image);
  const failure = whyNot ?? mountFailure(image, join(dir, 'disk'), isNew);
  if (failure === undefined) return mountedDisk(image, join(dir, 'disk'));
  if (!isNew) throw new StateRefused(`the file system in it cannot be mounted: ${failure}`);
  return plainDisk(plain, `no file system could be mounted: ${failure}`);
}

function mountFailure(image: string, at: string, isNew: boolean): string | undefined {
  try {
    // Mounted twice, an ext4 is lost.
    const user = isNew ? '' : runSystem('losetup', ['--associated', image]);
    if (user !== '') return `it is mounted already: ${user.trim()}`;
    if (isNew) makeExt4(image, BYTES);
    mountImage(image, at);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function mountedDisk(image: string, at: string): ChaosDisk {
  const [loop = ''] = runSystem('losetup', ['--associated', image, '--noheadings', '--output', 'NAME'])
    .trim()
    .split('\n');
  const device = runSystem('lsblk', ['--noheadings', '--nodeps', '--output', 'MAJ:MIN', loop]).trim();
  return {
    storageDir: join(at, 'log'),
    top: at,
    name: `${mountedAt(at)} over a loop device, ${BYTES / 2 ** 30} GiB`,
    device,
    whyNot: undefined,
    close: () => {
      unmount(at);
      rmdirSync(at);
    },
  };
}

function plainDisk(top: string, whyNot: string): ChaosDisk {
  mkdirSync(top, { recursive: true });
  return { storageDir: join(top, 'log'), top, name: 'a plain directory', device: undefined, whyNot, close: () => {} };
}
