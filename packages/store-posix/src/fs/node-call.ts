import type { BigIntStats } from 'node:fs';
import type { FsStat } from './fs.ts';

/** A callback function of node:fs as a promise. */
export function call<T = void>(start: (done: (error: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) reject(error);
      else resolve(value as T);
    });
  });
}

/** A call that does not wait for the medium, made here and now, as a promise. */
export function atOnce<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(error);
  }
}

/** What the driver needs of a `stat`. */
export function toStat(stats: BigIntStats): FsStat {
  return {
    kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other',
    size: Number(stats.size),
    inode: `${stats.dev}:${stats.ino}`,
  };
}
