import type { Fs } from '../fs/fs.ts';
import { PosixError } from '../posix-error.ts';
import { LAYOUT, STATE_BEFORE_ADOPTION } from './layout.ts';

/** What stands where a log could be. */
export type DirectoryKind =
  /** Nothing of a log: one may be made here. */
  | 'nothing'
  /** A log with this program's state. */
  | 'log'
  /** A log, or part of one, without this program's state. */
  | 'foreign'
  /** This program's state directory, without what identifies the log. */
  | 'damaged-state'
  /** Not a directory. */
  | 'not-a-directory';

/** The parts of a log that a directory holds. */
export interface Survey {
  readonly kind: DirectoryKind;
  readonly checkpoint: boolean;
  readonly tiles: boolean;
  readonly state: boolean;
}

/** State that rekor-server-posix keeps beside a log. */
const FOREIGN_STATE = '.state/treeState';

/** Looks at a directory without changing or locking anything. */
export async function survey(fs: Fs, root: string): Promise<Survey> {
  const stat = await fs.stat(root);
  const has = async (name: string): Promise<boolean> =>
    stat?.kind === 'directory' && (await fs.stat(`${root}/${name}`)) !== undefined;
  const [checkpoint, tiles, state, ours, foreign, aside] = await Promise.all(
    [LAYOUT.checkpoint, LAYOUT.tiles, LAYOUT.state, LAYOUT.format, FOREIGN_STATE, STATE_BEFORE_ADOPTION].map(has),
  );
  const parts = { checkpoint: checkpoint === true, tiles: tiles === true, state: state === true };
  if (stat !== undefined && stat.kind !== 'directory') return { kind: 'not-a-directory', ...parts };
  if (ours === true) return { kind: 'log', ...parts };
  if (foreign === true || aside === true) return { kind: 'foreign', ...parts };
  if (parts.state) return { kind: (await looksOurs(fs, root)) ? 'damaged-state' : 'foreign', ...parts };
  return { kind: parts.checkpoint || parts.tiles ? 'foreign' : 'nothing', ...parts };
}

async function looksOurs(fs: Fs, root: string): Promise<boolean> {
  const names = (await fs.readdir(`${root}/${LAYOUT.state}`)) ?? [];
  return [LAYOUT.treeRegister, LAYOUT.floorRegister, LAYOUT.wal, LAYOUT.lock].some((path) =>
    names.includes(path.slice(LAYOUT.state.length + 1)),
  );
}

/** The reason why what stands there is no log that can be opened; nothing for 'log'. */
export function whyNotALog(root: string, found: Survey): PosixError | undefined {
  if (found.kind === 'log') return undefined;
  if (found.kind === 'not-a-directory') return new PosixError('not-a-log', `${root} is not a directory`);
  if (found.kind === 'nothing') return new PosixError('not-a-log', `there is no log in ${root}`);
  if (found.kind === 'damaged-state') {
    return new PosixError(
      'half-log',
      `${root} has a state directory without ${LAYOUT.format}: put that file back from a backup of this directory`,
      { path: LAYOUT.format },
    );
  }
  const part = found.checkpoint ? 'a checkpoint' : found.tiles ? 'tiles' : 'the state of another program';
  return new PosixError(
    'foreign-log',
    `${root} holds ${part}, but no state of this program. If another program wrote this log, stop that one and take the log over with 'tilewright log adopt'. If it is a copy of a Tilewright log, copy again with ${LAYOUT.state}: going on without it would fork the log`,
    { path: LAYOUT.state },
  );
}
