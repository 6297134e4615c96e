import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * A process of this machine whose command line gives `directory` as its `--storage-dir`: rekor-server-posix holds its
 * locks for moments only, so they do not show that it runs. Nothing is found where /proc cannot be read; then the
 * operator's word has to do.
 */
export function processOnDirectory(directory: string): { readonly pid: number; readonly name: string } | undefined {
  const wanted = realpathSync(directory);
  for (const pid of processIds()) {
    if (pid === process.pid) continue;
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const used = storageDir(words);
      if (used !== undefined && realpathSync(resolve(readlinkSync(`/proc/${pid}/cwd`), used)) === wanted) {
        return { pid, name: words[0] ?? '' };
      }
    } catch {
      // It has ended, it is another user's, or its directory is gone.
    }
  }
  return undefined;
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function storageDir(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => /^--?storage-dir(=|$)/.test(word));
  const word = words[at];
  if (word === undefined) return undefined;
  const equals = word.indexOf('=');
  return equals < 0 ? words[at + 1] : word.slice(equals + 1);
}
