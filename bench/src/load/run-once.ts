import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EntryMaker, entryJson } from '../requests/entry-request.ts';
import type { RequestPool } from '../requests/pool.ts';
import type { LogPlace } from '../server/commands.ts';
import { type ServerCommand, startServer } from '../server/server-process.ts';
import { type FsyncProbe, probeFsync } from './fsync-probe.ts';
import { machineUsage } from './machine-usage.ts';
import { treeUsage } from './process-tree.ts';
import { failures, runWrk, type WrkResult } from './wrk.ts';

/** How long one run loads the server. */
export interface RunLength {
  readonly warmUpSeconds: number;
  readonly measuredSeconds: number;
}

/** One measured run of one server. */
export interface RunResult {
  readonly server: string;
  readonly writers: number;
  /** 201 answers a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** User and system seconds of the server's process tree for 1,000 accepted entries. */
  readonly cpuPerThousand: number;
  /** Resident set of the process tree at the end of the load, MiB. */
  readonly residentMiB: number;
  /** Answers other than 201, and connection errors. */
  readonly failures: number;
  readonly disk: FsyncProbe;
  /** CPU cores that programs other than the server and its load kept busy meanwhile. */
  readonly othersCores: number;
  readonly wrk: WrkResult;
}

/** Starts a server on a fresh log, warms it up, loads it, stops it. No request is sent twice to one log. */
export async function runOnce(
  command: ServerCommand,
  place: LogPlace,
  pool: RequestPool,
  writers: number,
  length: RunLength,
): Promise<RunResult> {
  await mkdir(place.storageDir, { recursive: true });
  const disk = await probeFsync(place.storageDir);
  const server = await startServer(command);
  try {
    const load = { port: place.ports.http, writers, requests: pool.path };
    const warm = await runWrk({ ...load, seconds: length.warmUpSeconds, skip: 0 });
    await settle(place.ports.http);
    const machineBefore = await machineUsage();
    const before = await treeUsage(server.pid);
    const wrk = await runWrk({ ...load, seconds: length.measuredSeconds, skip: warm.used });
    const after = await treeUsage(server.pid);
    const machineAfter = await machineUsage();
    const serverSeconds = after.cpuSeconds - before.cpuSeconds;
    const busySeconds = machineAfter.busySeconds - machineBefore.busySeconds;
    const ownSeconds = machineAfter.ownSeconds - machineBefore.ownSeconds;
    if (wrk.exhausted > 0) throw new Error(`the ${pool.size} prepared requests ran out: raise this scenario's number`);
    const accepted = wrk.statuses['201'] ?? 0;
    return {
      server: command.name,
      writers,
      rate: accepted / wrk.seconds,
      p50: wrk.p50,
      p99: wrk.p99,
      cpuPerThousand: (serverSeconds / accepted) * 1_000,
      residentMiB: after.residentBytes / 2 ** 20,
      failures: failures(wrk),
      disk,
      othersCores: Math.max(0, busySeconds - serverSeconds - ownSeconds) / wrk.seconds,
      wrk,
    };
  } finally {
    await server.stop();
  }
}

const SETTLE_MS = 2_500;

/**
 * wrk drops its connections with requests under way, and each makes rekor-server-posix v2.3.0 fail every request
 * until its next poll but one (a second apart): waits for that, then submits until one is accepted, at most 10 s.
 */
async function settle(port: number): Promise<void> {
  const maker = new EntryMaker(new Date());
  await sleep(SETTLE_MS);
  for (const deadline = performance.now() + 10_000; ; await sleep(250)) {
    const body = entryJson(maker.make(false));
    const response = await fetch(`http://127.0.0.1:${port}/api/v2/log/entries`, { method: 'POST', body });
    await response.arrayBuffer();
    if (response.status === 201) return;
    if (performance.now() > deadline) throw new Error(`the server still answers ${response.status} after its warm-up`);
  }
}
