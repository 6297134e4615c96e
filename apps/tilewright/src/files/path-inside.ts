import { realpathSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';

/** Whether `path`, links followed, lies in `directory` or below it. Neither needs to exist. */
export function isInside(path: string, directory: string): boolean {
  const way = relative(realPath(directory), realPath(path));
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`));
}

/** The path with the links of its longest existing part followed. */
function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : resolve(realPath(parent), basename(absolute));
  }
}
