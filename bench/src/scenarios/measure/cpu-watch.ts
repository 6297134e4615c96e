import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineUsage } from '../../load/usage/machine-usage.ts';
import { treeUsage } from '../../load/usage/process-tree.ts';

/** Cores that were busy during the interval that ended at `atMs`. */
export interface CpuSample {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly k6: number;
  /** Undefined where the server is not ours to watch. */
  readonly server: number | undefined;
  /** All of the machine, these two included. */
  readonly machine: number;
}

/** Cores of this machine. */
export const CORES: number = availableParallelism();

const INTERVAL_MS = 500;

/** Measures until it is told to stop; the result grows meanwhile. */
export async function watchCpu(k6: number, server: number | undefined, stop: AbortSignal): Promise<CpuSample[]> {
  const samples: CpuSample[] = [];
  let before = await read(k6, server);
  while (!stop.aborted) {
    await sleep(INTERVAL_MS);
    const now = await read(k6, server);
    const seconds = (now.atMs - before.atMs) / 1_000;
    const cores = (later: number, earlier: number): number => Math.max(0, later - earlier) / seconds;
    samples.push({
      atMs: now.atMs,
      k6: cores(now.k6, before.k6),
      server: server === undefined ? undefined : cores(now.server, before.server),
      machine: Math.min(CORES, cores(now.machine, before.machine)),
    });
    before = now;
  }
  return samples;
}

async function read(k6: number, server: number | undefined): Promise<Readonly<Record<keyof CpuSample, number>>> {
  const [own, other, machine] = await Promise.all([
    treeUsage(k6),
    server === undefined ? undefined : treeUsage(server),
    machineUsage(),
  ]);
  return { atMs: Date.now(), k6: own.cpuSeconds, server: other?.cpuSeconds ?? 0, machine: machine.busySeconds };
}
