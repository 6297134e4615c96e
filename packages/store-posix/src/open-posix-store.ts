import { asTreeSize } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { assembleStore } from './assemble-store.ts';
import { buildState, ensureRoot, installState } from './directory/create-state.ts';
import { readIdentity, requireIdentity } from './directory/identity.ts';
import { refuseHalfMigrated } from './directory/migration-mark.ts';
import { takeLock } from './directory/owner.ts';
import { type Survey, survey, whyNotALog } from './directory/survey.ts';
import { translating } from './directory/translate-error.ts';
import { errnoOf } from './fs/errno.ts';
import type { Fs } from './fs/fs.ts';
import { nodeFs } from './fs/node-fs.ts';
import { PosixError } from './posix-error.ts';
import type { PosixOptions, PosixStore } from './posix-options.ts';

/**
 * Opens the log in a directory for writing, and recovers it: on return everything that was ever acknowledged is
 * there, durable and consistent.
 *
 * @throws PosixError whose message says what to do; 'locked' names the holder. Nothing is held then.
 */
export function openPosixStore(options: PosixOptions): Promise<PosixStore> {
  return translating(options.dir, async () => {
    const { fs = nodeFs(), dir: root } = options;
    await requirePlace(fs, options, await survey(fs, root));
    requireIdentity(await readIdentity(fs, root), options.identity);
    const held = await takeLock(fs, root, options);
    try {
      return await assembleStore(fs, options, held);
    } catch (error) {
      await held.lock.release().catch(() => undefined);
      throw error;
    }
  });
}

/** Makes a log where the mode asks for one and nothing of one is; throws unless there is one in the end. */
async function requirePlace(fs: Fs, options: PosixOptions, found: Survey): Promise<void> {
  const { dir: root, mode } = options;
  if (found.kind === 'nothing' && mode !== 'open') {
    const first = await createLog(fs, options);
    if (first || mode !== 'create') return;
    throw new PosixError('already-a-log', `another process made a log in ${root} at the same time`);
  }
  const reason = whyNotALog(root, found);
  if (reason !== undefined) throw reason;
  if (mode !== 'migrate') await refuseHalfMigrated(fs, root);
  // Without a checkpoint it is a log whose making was interrupted, or half a log: recovery tells which.
  if (mode === 'create' && found.checkpoint) throw new PosixError('already-a-log', `there is a log in ${root} already`);
}

/** False when another process was first. */
async function createLog(fs: Fs, options: PosixOptions): Promise<boolean> {
  const { dir: root, identity, clock, entropy } = options;
  await ensureRoot(fs, root);
  const tree = { size: asTreeSize(0), root: EMPTY_ROOT };
  try {
    return await installState(fs, root, await buildState({ fs, root, identity, tree, clock, entropy }));
  } catch (error) {
    // Whoever was faster has removed what we were building.
    if (errnoOf(error) === 'ENOENT' && (await survey(fs, root)).kind === 'log') return false;
    throw error;
  }
}
