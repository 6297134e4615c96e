import { loadSignerFile } from '@tilewright/signer';
import { prefillLog } from '../../engine/prefill.ts';
import { ourServer } from '../../server/commands.ts';
import { type ServerProcess, startServer } from '../../server/server-process.ts';
import type { WorkspaceDir } from '../../server/workspace-dir.ts';

/** Starts our server on a log of its own, with so many entries in it. */
export async function startLog(workspace: WorkspaceDir, entries: number): Promise<ServerProcess> {
  const place = await workspace.place('log');
  if (entries > 0) {
    await prefillLog(place.storageDir, loadSignerFile(workspace.keyPem, place.origin), entries, () => {});
  }
  return startServer(ourServer(place));
}
