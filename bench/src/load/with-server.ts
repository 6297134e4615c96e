import { mkdir } from 'node:fs/promises';
import type { LogPlace } from '../server/commands.ts';
import { type ServerCommand, startServer } from '../server/server-process.ts';
import { probeFsync } from './fsync-probe.ts';
import type { RunFigures, RunLength } from './run-figures.ts';

/** A server that runs on a fresh log, and how fast the disk below it was just before. */
export interface MeasuredServer {
  readonly pid: number;
  readonly disk: RunFigures['disk'];
}

/** Probes the disk, starts the server on an empty directory, and stops it when `measure` has ended, however. */
export async function withServer<T>(
  command: ServerCommand,
  place: LogPlace,
  { probeMs }: RunLength,
  measure: (server: MeasuredServer) => Promise<T>,
): Promise<T> {
  await mkdir(place.storageDir, { recursive: true });
  const disk = await probeFsync(place.storageDir, probeMs);
  const server = await startServer(command);
  try {
    return await measure({ pid: server.pid, disk });
  } finally {
    await server.stop();
  }
}

/** All failures of a run. */
export function countFailures(kinds: RunFigures['failureKinds']): number {
  return Object.values(kinds).reduce((sum, count) => sum + count, 0);
}
