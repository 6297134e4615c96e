import { mkdir } from 'node:fs/promises';
import { probeFsync } from '../../load/fsync-probe.ts';
import type { RunFigures } from '../../load/run-figures.ts';
import { openWindow, usageFigures, type WindowUsage } from '../../load/usage/usage-window.ts';
import { countFailures } from '../../load/with-server.ts';
import { failureKinds, runWrk, type WrkResult } from '../../load/wrk.ts';
import type { RequestPool } from '../../requests/pool.ts';
import type { ServerCommand } from '../../server/server-process.ts';
import { withReplicas } from '../servers/with-replicas.ts';

const ASKED_TO_COME_BACK = ['429', '503'];

/**
 * Starts replicas of one log, loads all of them at once by one wrk each, and stops them. There is no warm-up under load: wrk
 * breaks it off with requests under way, and rekor-server-gcp v2.3.0 then answers nobody any more. Latencies are the worst of
 * the replicas'; rates, failures and processor time are all replicas' together.
 */
export async function loadReplicas(
  commands: readonly ServerCommand[],
  scratch: string,
  pool: RequestPool,
  writers: number,
  seconds: number,
): Promise<RunFigures> {
  await mkdir(scratch, { recursive: true });
  const disk = await probeFsync(scratch, 200);
  return withReplicas(commands, async (servers) => {
    const loads = commands.map(({ ports }, at) => ({
      port: ports.http,
      writers: Math.floor((writers + at) / commands.length),
      requests: pool.path,
      skip: at * Math.floor(pool.size / commands.length),
      seconds,
    }));
    const windows = await Promise.all(servers.map(({ pid }) => openWindow(pid)));
    const runs = await Promise.all(loads.map((load) => runWrk(load)));
    const usage = addUp(await Promise.all(windows.map((window) => window.close())));
    if (runs.some(({ used, exhausted }, at) => exhausted > 0 || used > (loads[at + 1]?.skip ?? pool.size))) {
      throw new Error(`the ${pool.size} prepared requests ran out`);
    }
    return { ...figuresOf(runs, usage), disk };
  });
}

function figuresOf(runs: readonly WrkResult[], usage: WindowUsage): Omit<RunFigures, 'disk'> {
  const accepted = runs.reduce((sum, { statuses }) => sum + (statuses['201'] ?? 0), 0);
  const kinds: Record<string, number> = {};
  for (const run of runs) {
    for (const [kind, count] of Object.entries(failureKinds(run))) kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  const worst = (name: 'p50' | 'p95' | 'p99'): number | null =>
    accepted === 0 ? null : Math.max(...runs.map((run) => run[name]));
  return {
    rate: runs.reduce((sum, { statuses, activeSeconds }) => sum + rateOf(statuses['201'] ?? 0, activeSeconds), 0),
    p50: worst('p50'),
    p95: worst('p95'),
    p99: worst('p99'),
    ...usageFigures(usage, accepted),
    failures: countFailures(kinds),
    failureKinds: kinds,
    pushedBack: ASKED_TO_COME_BACK.reduce((sum, status) => sum + (kinds[status] ?? 0), 0),
  };
}

function rateOf(accepted: number, seconds: number): number {
  return accepted === 0 ? 0 : accepted / seconds;
}

/** What the servers used together. Each window saw the others' servers as others, and the same load. */
function addUp(windows: readonly WindowUsage[]): WindowUsage {
  const sum = (of: (usage: WindowUsage) => number): number => windows.reduce((total, usage) => total + of(usage), 0);
  const [first] = windows;
  if (first === undefined) throw new Error('nothing was measured');
  const serverSeconds = sum((usage) => usage.serverSeconds);
  return {
    seconds: first.seconds,
    serverSeconds,
    mainThreadSeconds: sum((usage) => usage.mainThreadSeconds),
    peakBytes: sum((usage) => usage.peakBytes),
    generatorSeconds: first.generatorSeconds,
    othersSeconds: Math.max(0, first.othersSeconds - (serverSeconds - first.serverSeconds)),
  };
}
