import type { TilePath } from '@tilewright/core/tiles';
import type { CheckpointStore, Version } from '@tilewright/log/ports';
import { type CheckedLog, checkLog } from '@tilewright/log/testing';
import type { SimulatedDisk } from '@tilewright/store-posix/testing';
import { logVerifier, ORIGIN } from '../world/log-key.ts';

/** Where the simulated log lives. */
export const ROOT = '/srv/log';

/** The bytes of a file as the programs of the machine read them. */
export function fileBytes(disk: SimulatedDisk, path: string): Uint8Array | undefined {
  const inode = disk.find(`${ROOT}/${path}`);
  if (inode?.kind !== 'file') return undefined;
  const bytes = new Uint8Array(inode.size);
  inode.read(bytes, 0);
  return bytes;
}

/** Re-derives the log as somebody does who has nothing but a static server in front of the directory. */
export function checkDisk(disk: SimulatedDisk, tileHeight: number): Promise<CheckedLog> {
  const checkpoints: Pick<CheckpointStore, 'read'> = {
    async read() {
      const note = fileBytes(disk, 'checkpoint');
      return note && { note, version: '' as Version };
    },
  };
  const objects = { read: async (path: TilePath) => fileBytes(disk, path) };
  return checkLog({ origin: ORIGIN, verifier: logVerifier, objects, checkpoints, tileHeight });
}

/** Every path below `tile/` that has bytes now. */
export function servedPaths(disk: SimulatedDisk): string[] {
  return disk.files(`${ROOT}/tile`).map((path) => path.slice(ROOT.length + 1));
}
