import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSigningKey, formatVerifierKey } from '@tilewright/core/note';
import { ed25519NoteSigner } from '@tilewright/core/note/ed25519';
import { loadSignerFile } from '@tilewright/signer';
import { type LogPlace, ourServer, REPOSITORY } from '../../server/commands.ts';
import type { ServerCommand } from '../../server/server-process.ts';
import type { WorkspaceDir } from '../../server/workspace-dir.ts';

/** A raw log to start, and the key with which its checkpoints are read. */
export interface RawServer {
  readonly command: ServerCommand;
  readonly vkey: string;
}

/** Where tools/install puts Tessera's POSIX personality. */
export const TESSERA_BINARY: string = join(REPOSITORY, '.tools', 'bin', 'tessera-posix');

/** Ours; `flags` name the personality. */
export function ourRawServer(workspace: WorkspaceDir, place: LogPlace, flags: readonly string[]): RawServer {
  return { command: ourServer(place, flags), vkey: loadSignerFile(workspace.keyPem, place.origin).vkey };
}

/** Tessera's POSIX personality, with a key of its own. */
export async function tesseraServer(workspace: WorkspaceDir, place: LogPlace): Promise<RawServer> {
  const seed = randomBytes(32);
  const { key } = ed25519NoteSigner('example.com/log', seed);
  const keyFile = join(workspace.path, 'tessera-key');
  await writeFile(keyFile, formatSigningKey(key, seed), { mode: 0o600 });
  const { ports, storageDir } = place;
  const flags = [`--storage_dir=${storageDir}`, `--listen=127.0.0.1:${ports.http}`, `--private_key=${keyFile}`];
  return {
    command: { name: 'Tessera', argv: [TESSERA_BINARY, ...flags], ports, readyPath: '/checkpoint' },
    vkey: formatVerifierKey(key.name, key.type, key.key),
  };
}
