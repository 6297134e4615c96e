import { loadSignerFile } from '@tilewright/signer';
import { ourCommand } from '../../server/commands.ts';
import type { WorkspaceDir } from '../../server/workspace-dir.ts';
import { startGcpReplicas } from './gcp-replicas.ts';
import type { ReplicaPlan } from './replica-plan.ts';
import type { ReplicaResult } from './replica-result.ts';
import { runReplicas } from './run-replicas.ts';

/** How often and how long to crash how many servers. */
export interface CrashReplicasOptions
  extends Pick<ReplicaPlan, 'forMs' | 'killEveryMs' | 'writers' | 'random' | 'say'> {
  readonly replicas: number;
}

/** Starts a database and a bucket on this machine, crashes servers that share them, and stops everything. */
export async function crashReplicas(
  workspace: WorkspaceDir,
  { replicas, ...how }: CrashReplicasOptions,
): Promise<ReplicaResult> {
  const { services, servers, publicUrl, listUrl } = await startGcpReplicas(replicas, workspace);
  const log = loadSignerFile(workspace.keyPem, 'localhost');
  try {
    return await runReplicas({
      ...how,
      replicas: servers,
      log,
      publicUrl,
      listUrl,
      fsck: ourCommand(['log', 'fsck', publicUrl, '--vkey', log.vkey]),
    });
  } finally {
    await services.stop();
  }
}
