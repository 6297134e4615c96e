import type { LogVerifier } from '@tilewright/signer';
import type { ServerCommand } from '../../server/server-process.ts';

/** How servers that share one log are crashed, and who watches. */
export interface ReplicaPlan {
  /** How to start each replica; a number of its own for each. */
  readonly replicas: readonly ServerCommand[];
  readonly log: LogVerifier;
  /** Where anybody reads the objects of the bucket, without a slash at the end. */
  readonly publicUrl: string;
  /** Lists the objects of the bucket, as its own storage knows them. */
  readonly listUrl: string;
  /** Milliseconds of crashes; the end of all and the last checks come on top. */
  readonly forMs: number;
  /** Bounds of the time between two kills, milliseconds. */
  readonly killEveryMs: readonly [number, number];
  /** Good submissions under way at any time, at each replica. */
  readonly writers: number;
  /** Numbers from 0 to 1 that say when and whom to kill, and what to send. */
  readonly random: () => number;
  /** Command that checks the whole published log and exits with 0 when it is sound. */
  readonly fsck: readonly [string, ...string[]];
  /** Progress, one line each. */
  readonly say: (line: string) => void;
}
