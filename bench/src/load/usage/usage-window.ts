import type { RunFigures } from '../run-figures.ts';
import { machineUsage } from './machine-usage.ts';
import { mainThreadSeconds, peakBytes, treeUsage } from './process-tree.ts';

/** Who used what between two moments. */
export interface WindowUsage {
  readonly seconds: number;
  readonly serverSeconds: number;
  readonly mainThreadSeconds: number;
  readonly peakBytes: number;
  readonly generatorSeconds: number;
  readonly othersSeconds: number;
}

/** A stretch of time that is being measured. */
export interface UsageWindow {
  close(): Promise<WindowUsage>;
}

/**
 * Starts measuring. `server` and `generator` are process ids; what this process uses, and its children that end
 * meanwhile, count as the generator's.
 */
export async function openWindow(server: number, generator?: number): Promise<UsageWindow> {
  const before = await sample(server, generator);
  return {
    close: async () => {
      const after = await sample(server, generator);
      const { pids } = await treeUsage(server);
      const serverSeconds = after.server - before.server;
      const generatorSeconds = after.generator - before.generator;
      return {
        seconds: (after.at - before.at) / 1_000,
        serverSeconds,
        mainThreadSeconds: after.mainThread - before.mainThread,
        peakBytes: await peakBytes(pids),
        generatorSeconds,
        othersSeconds: Math.max(0, after.busy - before.busy - serverSeconds - generatorSeconds),
      };
    },
  };
}

/** What a window says of a run that accepted so many entries. */
export function usageFigures(
  usage: WindowUsage,
  accepted: number,
): Pick<RunFigures, 'cpuPerThousand' | 'mainThreadMicroseconds' | 'peakMiB' | 'generatorCores' | 'othersCores'> {
  return {
    cpuPerThousand: accepted === 0 ? null : (usage.serverSeconds / accepted) * 1e3,
    mainThreadMicroseconds: accepted === 0 ? null : (usage.mainThreadSeconds / accepted) * 1e6,
    peakMiB: usage.peakBytes / 2 ** 20,
    generatorCores: usage.generatorSeconds / usage.seconds,
    othersCores: usage.othersSeconds / usage.seconds,
  };
}

async function sample(
  server: number,
  generator: number | undefined,
): Promise<{ at: number; server: number; mainThread: number; generator: number; busy: number }> {
  const machine = await machineUsage();
  const apart = generator === undefined ? 0 : (await treeUsage(generator)).cpuSeconds;
  return {
    at: performance.now(),
    server: (await treeUsage(server)).cpuSeconds,
    mainThread: await mainThreadSeconds(server),
    generator: machine.ownSeconds + apart,
    busy: machine.busySeconds,
  };
}
