import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Said where there is no browser. */
export const NO_CHROMIUM: string = `no Chromium on PATH (${NAMES.join(', ')}): install one to run this`;

/** The first Chromium on PATH, if there is one. */
export async function findChromium(path: string = process.env.PATH ?? ''): Promise<string | undefined> {
  for (const name of NAMES) {
    for (const folder of path.split(delimiter)) {
      const file = join(folder, name);
      const runs = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs && folder !== '') return file;
    }
  }
  return undefined;
}
