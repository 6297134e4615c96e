import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateEd25519KeyPem } from '@tilewright/signer';
import { onExit } from '../cli/exit-cleanup.ts';
import type { LogPlace } from './commands.ts';
import { freePorts } from './free-port.ts';

/** A temporary folder with one log key, and places for logs beside it. */
export interface WorkspaceDir {
  readonly path: string;
  readonly keyPem: string;
  readonly keyFile: string;
  /** A place with fresh ports and the named storage directory (not yet made). */
  place(name: string, origin?: string): Promise<LogPlace>;
  /** Removes the folder and everything in it. */
  remove(): Promise<void>;
}

/** Makes the folder under `parent` (default: the system's temporary folder) with a new Ed25519 key, mode 0600. */
export async function makeWorkspaceDir(parent: string = tmpdir()): Promise<WorkspaceDir> {
  const path = await mkdtemp(join(parent, 'tilewright-bench-'));
  const forget = onExit(() => rmSync(path, { recursive: true, force: true }));
  const keyPem = generateEd25519KeyPem();
  const keyFile = join(path, 'log-key.pem');
  await writeFile(keyFile, keyPem, { mode: 0o600 });
  return {
    path,
    keyPem,
    keyFile,
    place: async (name, origin = 'localhost') => {
      const [http = 0, grpc = 0, metrics = 0] = await freePorts(3);
      return { ports: { http, grpc, metrics }, storageDir: join(path, name), keyFile, origin };
    },
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      forget();
    },
  };
}
