import { accessSync, constants, statSync } from 'node:fs';

/** Why the file that a flag names cannot be read, or `undefined`. */
export function readableFileProblem(flag: string, path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return `${flag}: ${path} is not a file`;
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return `${flag}: there is no file ${path}`;
    return `${flag}: ${path} cannot be read (${code ?? String(error)})`;
  }
}
