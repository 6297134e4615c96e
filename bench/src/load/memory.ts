import { setTimeout as sleep } from 'node:timers/promises';
import { loadSignerFile } from '@tilewright/signer';
import { prefillLog } from '../engine/prefill.ts';
import { requestPool } from '../requests/pool.ts';
import { ourServer } from '../server/commands.ts';
import { startServer } from '../server/server-process.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { treeUsage } from './usage/process-tree.ts';
import { runWrk } from './wrk.ts';

/** Resident memory of our server at one log size. */
export interface MemoryFigure {
  readonly entries: number;
  /** Highest seen while 512 writers took the log to that size. */
  readonly peakMiB: number;
  /** Two seconds after the load. */
  readonly restMiB: number;
}

const SIZES = [200_000, 1_000_000] as const;
const WRITERS = 512;
const LOAD_SECONDS = 4;
/** What the load adds: the log is prefilled to this much below its size. Memory levels off only after so many. */
const LOADED_ENTRIES = 100_000;
const LONGEST_LOAD_SECONDS = 120;
const MAX_MIB = 400;
const MAX_GROWTH = 1.15;

/**
 * Prefills two logs through the engine, serves each, and loads it with 512 writers up to its size: the same work at
 * 200,000 and at 1,000,000 entries. Prints both and the two bounds; returns the exit status.
 */
export async function measureMemory(
  workspace: WorkspaceDir,
  say: (line: string) => void,
  save: (kind: string, table: string, figures: object) => Promise<unknown>,
): Promise<number> {
  const figures: MemoryFigure[] = [];
  for (const entries of SIZES) figures.push(await measureAt(entries, workspace, say));
  const [small, large] = figures;
  if (small === undefined || large === undefined) return 1;
  const growth = large.peakMiB / small.peakMiB;
  const met = large.peakMiB <= MAX_MIB && growth <= MAX_GROWTH;
  const rows = figures.map((f) => `| ${f.entries} | ${f.peakMiB.toFixed(0)} | ${f.restMiB.toFixed(0)} |`);
  const table = [
    '| entries | peak RSS MiB, 512 writers | RSS MiB at rest |',
    '| ---: | ---: | ---: |',
    ...rows,
    '',
    `- at 1,000,000 entries ${large.peakMiB.toFixed(0)} MiB, target ≤ ${MAX_MIB}; ${growth.toFixed(2)} times that at ` +
      `200,000, target ≤ ${MAX_GROWTH}: ${met ? 'met' : 'MISSED'}`,
  ].join('\n');
  process.stdout.write(`${table}\n`);
  await save('memory', table, { figures });
  return met ? 0 : 1;
}

async function measureAt(entries: number, workspace: WorkspaceDir, say: (line: string) => void): Promise<MemoryFigure> {
  const place = await workspace.place(`memory-${entries}`);
  const prefilled = entries - LOADED_ENTRIES;
  await prefillLog(place.storageDir, loadSignerFile(workspace.keyPem, place.origin), prefilled, (done) => {
    if (done % 100_000 === 0) say(`  prefilling: ${done} of ${prefilled}`);
  });
  const pool = await requestPool(240_000, () => {});
  const server = await startServer(ourServer(place), 120_000);
  const stop = new AbortController();
  const peak = watchPeak(server.pid, stop.signal);
  try {
    const added = await loadUntil(place.ports.http, pool.path, LOADED_ENTRIES);
    await sleep(2_000);
    stop.abort();
    const peakMiB = (await peak) / 2 ** 20;
    const restMiB = (await treeUsage(server.pid)).residentBytes / 2 ** 20;
    const reached = prefilled + added;
    say(`  ${reached} entries: peak ${peakMiB.toFixed(0)} MiB, at rest ${restMiB.toFixed(0)} MiB`);
    return { entries: reached, peakMiB, restMiB };
  } finally {
    stop.abort();
    await server.stop();
  }
}

/** Loads in short runs until so many entries are added; gives up after two minutes. */
async function loadUntil(port: number, requests: string, wanted: number): Promise<number> {
  let added = 0;
  for (let skip = 0, runs = 0; added < wanted; runs++) {
    if (runs * LOAD_SECONDS > LONGEST_LOAD_SECONDS) {
      throw new Error(`the load only added ${added} of ${wanted} entries in ${LONGEST_LOAD_SECONDS} s`);
    }
    const wrk = await runWrk({ port, writers: WRITERS, seconds: LOAD_SECONDS, requests, skip });
    added += wrk.statuses['201'] ?? 0;
    skip = wrk.used;
  }
  return added;
}

async function watchPeak(pid: number, signal: AbortSignal): Promise<number> {
  let peak = 0;
  while (!signal.aborted) {
    peak = Math.max(peak, (await treeUsage(pid)).residentBytes);
    await sleep(250);
  }
  return peak;
}
