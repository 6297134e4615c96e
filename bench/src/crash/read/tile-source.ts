import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

/** Reads a path of a log, such as `checkpoint` or `tile/0/000`; undefined when there is no such file. */
export interface TileSource {
  /** For messages. */
  readonly label: string;
  read(path: string): Promise<Uint8Array | undefined>;
  close(): void;
}

/** Reads over HTTP, as a client of the log does. Throws when the server is gone. */
export function httpSource(port: number): TileSource {
  const agent = new Agent({ keepAlive: true });
  return {
    label: 'the server',
    close: () => agent.destroy(),
    read: (path) =>
      new Promise((resolve, reject) => {
        const call = request({ host: '127.0.0.1', port, path: `/${path}`, agent }, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            if (response.statusCode === 200) resolve(Buffer.concat(parts));
            else if (response.statusCode === 404) resolve(undefined);
            else reject(new Error(`GET /${path} answered ${response.statusCode}`));
          });
        });
        call.on('error', reject);
        call.end();
      }),
  };
}

/** Reads from the storage directory, as a static web server would serve it. */
export function directorySource(directory: string): TileSource {
  return {
    label: directory,
    close: () => {},
    read: async (path) => {
      try {
        return await readFile(join(directory, path));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}
