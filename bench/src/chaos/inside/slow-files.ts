import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** A write goes to the page cache: it waits for a disk only now and then. */
const WRITE_SHARE = 50;

type Done = (error: Error | null) => void;

/** Number of calls delayed in this thread. */
export interface SlowFiles {
  readonly delayedCalls: number;
}

/**
 * Has `fdatasync` and `fsync` begin up to `delayMs` later, and makes writes that return at once take a fiftieth of that.
 * SQLite, which does not go through node:fs, is not slowed down.
 */
export function slowFiles(delayMs: () => number): SlowFiles {
  const count = { delayedCalls: 0 };
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const later =
    (real: (descriptor: number, done: Done) => void) =>
    (descriptor: number, done: Done): void => {
      const most = delayMs();
      if (most === 0) {
        real(descriptor, done);
        return;
      }
      count.delayedCalls += 1;
      setTimeout(() => real(descriptor, done), Math.random() * most);
    };
  const writeSync = fs.writeSync as (...args: unknown[]) => number;
  const slowWriteSync = (...args: unknown[]): number => {
    const most = delayMs();
    if (most > 0) {
      count.delayedCalls += 1;
      Atomics.wait(sleeper, 0, 0, (Math.random() * most) / WRITE_SHARE);
    }
    return writeSync(...args);
  };
  Object.assign(fs, { fdatasync: later(fs.fdatasync), fsync: later(fs.fsync), writeSync: slowWriteSync });
  syncBuiltinESMExports();
  return count;
}
