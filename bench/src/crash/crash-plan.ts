import type { LogVerifier } from '@tilewright/signer';
import type { LogPlace } from '../server/commands.ts';
import type { ServerCommand } from '../server/server-process.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import type { TileSource } from './read/tile-source.ts';

/** What to crash, and how often. */
export interface CrashPlan {
  readonly workspace: WorkspaceDir;
  /** Cycles of start, load and end; the log lives through all of them. */
  readonly rounds: number;
  /** Whether to leave the rest of the cycles out. */
  readonly isTimeUp: () => boolean;
  /** Good submissions under way at any time. */
  readonly writers: number;
  /** Bounds of the time between ready and the end, milliseconds; more where everything is slow. */
  readonly loadMs: readonly [number, number];
  /** Numbers from 0 to 1 that say when and how to kill, and what to send; the same for one seed. */
  readonly random: () => number;
  readonly server: (place: LogPlace) => ServerCommand;
  /** Whether the server is Tilewright, which promises more: one index for an entry, and how its state looks. */
  readonly isOurs: boolean;
  /** How readers reach the log: over HTTP, or its directory. */
  readonly source: (place: LogPlace) => TileSource;
  /** Command that checks the whole log and exits with 0 when it is sound; undefined to leave that out. */
  readonly fsck: ((place: LogPlace, log: LogVerifier) => readonly [string, ...string[]]) | undefined;
  /** The command is run after every so many cycles, beside the server, and at the end. */
  readonly fsckEvery: number;
  /** Progress, one line each. */
  readonly say: (line: string) => void;
}
