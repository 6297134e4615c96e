import type { Tree } from '@tilewright/core/merkle';
import type { Clock, Entropy } from '@tilewright/log/ports';
import { unlessErrno } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';
import { nodeFs } from '../fs/node-fs.ts';
import { PosixError } from '../posix-error.ts';
import { buildState, installState } from './create-state.ts';
import type { LogIdentity } from './identity.ts';
import { LAYOUT, STATE_BEFORE_ADOPTION } from './layout.ts';
import { survey } from './survey.ts';
import { translating } from './translate-error.ts';

const ADOPTION_LOCK = '.state.adopting';

/** What is adopted, and by whom. */
export interface Adoption {
  readonly fs?: Fs;
  readonly dir: string;
  readonly identity: LogIdentity;
  /** Size and root of the log. The caller MUST have verified every tile and bundle against them, and them against the checkpoint. */
  readonly tree: Tree;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly entropy: Pick<Entropy, 'token'>;
}

/**
 * Takes over a log that another program wrote: makes everything of it durable, and puts our state beside it, as if
 * this program had integrated and signed exactly `tree`. The other program's state is kept as `.state.before-adoption`.
 * May be run again after a crash at any point.
 *
 * @throws PosixError 'not-a-log' when nothing is there; 'already-a-log' when it is ours; 'locked' when a program that
 * holds locks in the directory still runs; 'half-log' when there is no checkpoint.
 */
export async function adoptPosixLog(adoption: Adoption): Promise<void> {
  const { dir: root, fs = nodeFs() } = adoption;
  await translating(root, async () => {
    await requireForeign(fs, root);
    const lock = await fs.lock(`${root}/${ADOPTION_LOCK}`);
    if (lock === undefined) throw new PosixError('locked', `another process is adopting ${root}`);
    try {
      // Somebody may have been faster before the lock was ours.
      await requireForeign(fs, root);
      await adopt(fs, adoption);
    } finally {
      await lock.release();
      await unlessErrno(fs.unlink(`${root}/${ADOPTION_LOCK}`), ['ENOENT'], undefined);
    }
  });
}

async function adopt(fs: Fs, adoption: Adoption): Promise<void> {
  const root = adoption.dir;
  // Another program's files may be in memory only: from now on their bytes must never change.
  await syncTree(fs, `${root}/${LAYOUT.tiles}`);
  await syncFile(fs, `${root}/${LAYOUT.checkpoint}`);
  const name = await buildState({ fs, root, ...adoption });
  if ((await fs.stat(`${root}/${LAYOUT.state}`)) !== undefined) {
    await fs.rename(`${root}/${LAYOUT.state}`, `${root}/${STATE_BEFORE_ADOPTION}`);
    await fs.fsyncDir(root, 'adopted-aside');
  }
  if (await installState(fs, root, name)) return fs.fsyncDir(root, 'adopted-name');
  throw new PosixError('already-a-log', `another process made a log in ${root} at the same time`);
}

async function requireForeign(fs: Fs, root: string): Promise<void> {
  const found = await survey(fs, root);
  if (found.kind === 'log') {
    throw new PosixError('already-a-log', `${root} has this program's state already: there is nothing to adopt`);
  }
  if (found.kind !== 'foreign') throw new PosixError('not-a-log', `there is no log of another program in ${root}`);
  if (!found.checkpoint) {
    throw new PosixError('half-log', `${root} has no checkpoint: there is no log to take over`, {
      path: LAYOUT.checkpoint,
    });
  }
  const holder = await fs.lockedAmong(await filesBelow(fs, `${root}/${LAYOUT.state}`));
  if (holder !== undefined) {
    throw new PosixError(
      'locked',
      `a program still uses ${root} (it holds a lock on ${holder.slice(root.length + 1)}): stop it first`,
      { path: holder.slice(root.length + 1) },
    );
  }
  if (found.state && (await fs.stat(`${root}/${STATE_BEFORE_ADOPTION}`)) !== undefined) {
    throw new PosixError(
      'half-log',
      `${root} has both ${LAYOUT.state} and ${STATE_BEFORE_ADOPTION}: move the older one away, then adopt again`,
      { path: STATE_BEFORE_ADOPTION },
    );
  }
}

async function filesBelow(fs: Fs, path: string): Promise<string[]> {
  const stat = await fs.stat(path);
  if (stat?.kind !== 'directory') return stat === undefined ? [] : [path];
  const files: string[] = [];
  for (const name of (await fs.readdir(path)) ?? []) files.push(...(await filesBelow(fs, `${path}/${name}`)));
  return files;
}

async function syncTree(fs: Fs, path: string): Promise<void> {
  for (const name of (await fs.readdir(path)) ?? []) {
    const child = `${path}/${name}`;
    if ((await fs.stat(child))?.kind === 'directory') await syncTree(fs, child);
    else await syncFile(fs, child);
  }
  if ((await fs.stat(path)) !== undefined) await fs.fsyncDir(path, 'adopted-dir');
}

async function syncFile(fs: Fs, path: string): Promise<void> {
  const file = await fs.open(path, 'read');
  try {
    await file.fdatasync('adopted-file');
  } finally {
    await file.close();
  }
}
