import type { Tree } from '@tilewright/core/merkle';
import { checkpointOf, readStoredCheckpoint } from './checkpoint/stored-checkpoint.ts';
import { readFrozenMark } from './directory/frozen-mark.ts';
import { readIdentity, type StoredIdentity } from './directory/identity.ts';
import { LAYOUT } from './directory/layout.ts';
import { describeOwner } from './directory/owner.ts';
import { type DirectoryKind, survey } from './directory/survey.ts';
import { translating } from './directory/translate-error.ts';
import type { Fs } from './fs/fs.ts';
import { nodeFs } from './fs/node-fs.ts';
import { readRegister } from './register/register.ts';

/** What a directory looks like from outside. */
export interface PosixInspection {
  readonly kind: DirectoryKind;
  /** What the checkpoint claims, unverified. */
  readonly checkpoint: (Tree & { readonly origin: string }) | undefined;
  /** Only of a log with this program's state. */
  readonly state: PosixStateFacts | undefined;
}

/** What this program's state directory says. */
export interface PosixStateFacts {
  readonly identity: StoredIdentity;
  readonly integrated: Tree | undefined;
  readonly signed: Tree | undefined;
  /** When the log was frozen, in milliseconds since 1970; 0 where it stopped itself for good, `undefined` while it takes entries. */
  readonly frozenAtMs: number | undefined;
  /** Who took the lock last; whether they still hold it only the lock knows, and it is not asked. */
  readonly lastWriter: string;
}

/**
 * Looks at a directory, also while another process writes it: changes nothing and opens no lock.
 *
 * @throws PosixError 'format-newer', 'corrupt', or 'io' where the system fails; LogError 'corrupt' when `checkpoint` is
 * none.
 */
export function inspectPosixDirectory(dir: string, fs: Fs = nodeFs()): Promise<PosixInspection> {
  return translating(dir, async () => {
    const { kind } = await survey(fs, dir);
    const stored = kind === 'not-a-directory' ? undefined : await readStoredCheckpoint(fs, dir);
    const checkpoint = stored && checkpointOf(stored.note);
    return { kind, checkpoint, state: kind === 'log' ? await stateFacts(fs, dir) : undefined };
  });
}

async function stateFacts(fs: Fs, dir: string): Promise<PosixStateFacts> {
  const identity = await readIdentity(fs, dir);
  const tree = await readRegister(fs, `${dir}/${LAYOUT.treeRegister}`, 'tree', identity.logId);
  const floor = await readRegister(fs, `${dir}/${LAYOUT.floorRegister}`, 'floor', identity.logId);
  return {
    identity,
    integrated: tree?.value?.tree,
    signed: floor?.value?.tree,
    frozenAtMs: await readFrozenMark(fs, dir),
    lastWriter: await describeOwner(fs, dir),
  };
}
