import { type DevServices, startDevServices } from '@tilewright/store-gcp/testing';
import { ourCommand } from '../../server/commands.ts';
import type { ServerCommand } from '../../server/server-process.ts';
import type { WorkspaceDir } from '../../server/workspace-dir.ts';
import { steadyPorts } from '../life/steady-ports.ts';

/** Spanner's emulator, a bucket on this machine, and the servers that share them. */
export interface GcpReplicas {
  readonly services: DevServices;
  readonly servers: readonly ServerCommand[];
  readonly publicUrl: string;
  /** Lists the objects of the bucket. */
  readonly listUrl: string;
}

/** Starts the two services; the servers are for the caller to start. `flags` are added to each server's. */
export async function startGcpReplicas(
  count: number,
  { keyFile }: WorkspaceDir,
  flags: readonly string[] = [],
): Promise<GcpReplicas> {
  const services = await startDevServices();
  // They are how the emulators are named: to this process's children, too.
  Object.assign(process.env, services.environment);
  const { publicUrl } = services;
  const bucket = publicUrl.slice(publicUrl.lastIndexOf('/') + 1);
  const servers: ServerCommand[] = [];
  while (servers.length < count) servers.push(await replicaCommand(services, keyFile, flags));
  return {
    services,
    servers,
    publicUrl,
    listUrl: `${services.environment.STORAGE_EMULATOR_HOST}/storage/v1/b/${bucket}/o`,
  };
}

async function replicaCommand(
  services: DevServices,
  keyFile: string,
  flags: readonly string[],
): Promise<ServerCommand> {
  const ports = await steadyPorts();
  const listeners = [
    `--http-port=${ports.http}`,
    `--grpc-port=${ports.grpc}`,
    `--http-metrics-port=${ports.metrics}`,
    `--signer-filepath=${keyFile}`,
    '--hostname=localhost',
  ];
  return {
    name: 'ours',
    argv: ourCommand(['serve', ...services.flags, ...listeners, ...flags]),
    ports,
    readyPath: '/readyz',
  };
}
