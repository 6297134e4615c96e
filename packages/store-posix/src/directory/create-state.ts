import { asTreeSize, encodeHex } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import type { Clock, Entropy } from '@tilewright/log/ports';
import { unlessErrno } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';
import { writeFully } from '../fs/write-fully.ts';
import { createRegister } from '../register/register.ts';
import { encodeIdentity, type LogIdentity } from './identity.ts';
import { LAYOUT, PRIVATE_DIRECTORY, PRIVATE_FILE, PUBLIC_DIRECTORY, STATE_UNDER_CONSTRUCTION } from './layout.ts';

/** What a new state directory is made from. */
export interface StateSeed {
  readonly fs: Fs;
  readonly root: string;
  readonly identity: LogIdentity;
  /** Integrated, and signed: the tree that the log has already. */
  readonly tree: Tree;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly entropy: Pick<Entropy, 'token'>;
}

/**
 * Builds a complete, durable state directory under a name of its own, and returns that name: renaming it to
 * `.state` is the one step that makes the log. A crash before leaves a directory that the next opening removes.
 */
export async function buildState(seed: StateSeed): Promise<string> {
  const { fs, root, identity, tree } = seed;
  const name = `${STATE_UNDER_CONSTRUCTION}-${encodeHex(seed.entropy.token())}`;
  const inside = (path: string): string => `${root}/${name}${path.slice(LAYOUT.state.length)}`;
  for (const path of [LAYOUT.state, LAYOUT.wal, LAYOUT.temp]) await fs.mkdir(inside(path), PRIVATE_DIRECTORY);
  const format = await fs.open(inside(LAYOUT.format), 'create', PRIVATE_FILE);
  await writeFully(format, encodeIdentity(identity, seed.clock.wallMs()), 0);
  await format.fdatasync('format-file');
  await format.close();
  const value = { tree, epoch: 0 };
  await createRegister(fs, inside(LAYOUT.treeRegister), 'tree', identity.logId, value, 'tree-created');
  await createRegister(fs, inside(LAYOUT.floorRegister), 'floor', identity.logId, value, 'floor-created');
  const nothing = { tree: { size: asTreeSize(0), root: tree.root }, epoch: 0 };
  await createRegister(fs, inside(LAYOUT.collectedRegister), 'collected', identity.logId, nothing);
  await fs.fsyncDir(inside(LAYOUT.state), 'state-dir');
  return name;
}

/** Makes the storage directory and whatever leads to it. */
export async function ensureRoot(fs: Fs, root: string): Promise<void> {
  if ((await fs.stat(root)) !== undefined) return;
  const parent = parentDirectory(root);
  if (parent !== undefined) await ensureRoot(fs, parent);
  await fs.mkdir(root, PUBLIC_DIRECTORY);
}

/**
 * Makes the names of a new log's state directory, of the storage directory, and of whatever leads to it durable.
 * Whoever made them may have died before doing so: it is done at every opening until there is a checkpoint.
 */
export async function syncNames(fs: Fs, root: string): Promise<void> {
  await fs.fsyncDir(root, 'state-name');
  for (let parent = parentDirectory(root); parent !== undefined; parent = parentDirectory(parent)) {
    // A directory that this user may not even read is none that this program made a name in.
    await unlessErrno(fs.fsyncDir(parent, 'root-name'), ['EACCES', 'EPERM', 'EROFS', 'EINVAL'], undefined);
  }
}

/** The directory that holds the name of `path`; nothing above the top. */
function parentDirectory(path: string): string | undefined {
  if (path === '/' || path === '.' || path === '') return undefined;
  const cut = path.lastIndexOf('/');
  return cut > 0 ? path.slice(0, cut) : cut === 0 ? '/' : '.';
}

/**
 * Gives a state directory that {@link buildState} made its name, not yet durably; false when another process was first.
 */
export async function installState(fs: Fs, root: string, name: string): Promise<boolean> {
  const installed = fs.rename(`${root}/${name}`, `${root}/${LAYOUT.state}`).then(() => true);
  const first = await unlessErrno(installed, ['EEXIST', 'ENOTEMPTY'], false);
  if (!first) await removeTree(fs, `${root}/${name}`);
  return first;
}

/** Removes what creations that did not finish left behind. Only the holder of the lock may. */
export async function removeUnfinished(fs: Fs, root: string): Promise<void> {
  for (const name of (await fs.readdir(root)) ?? []) {
    if (!name.startsWith(`${STATE_UNDER_CONSTRUCTION}-`)) continue;
    // Somebody may be at work there right now, too late: then the rest goes at the next opening.
    await unlessErrno(removeTree(fs, `${root}/${name}`), ['ENOENT', 'ENOTEMPTY', 'EEXIST'], undefined);
  }
}

/** Removes a file, or a directory with everything in it. */
export async function removeTree(fs: Fs, path: string): Promise<void> {
  if ((await fs.stat(path))?.kind !== 'directory') return unlessErrno(fs.unlink(path), ['ENOENT'], undefined);
  for (const name of (await fs.readdir(path)) ?? []) await removeTree(fs, `${path}/${name}`);
  await unlessErrno(fs.rmdir(path), ['ENOENT'], undefined);
}
