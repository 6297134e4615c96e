import { setTimeout as sleep } from 'node:timers/promises';
import { type LogVerifier, loadSignerFile } from '@tilewright/signer';
import { EntryMaker } from '../requests/entry-request.ts';
import type { LogPlace } from '../server/commands.ts';
import { runCommand } from '../server/run-command.ts';
import { type ServerCommand, type ServerProcess, startAndKill, startServer } from '../server/server-process.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { Ledger } from './ledger.ts';
import { CheckpointReader, replayLog, watchLog } from './observer.ts';
import { scanDirectory } from './scan-directory.ts';
import type { TileSource } from './tile-source.ts';
import { Writers } from './writer.ts';

/** What to crash, and how often. */
export interface CrashPlan {
  readonly workspace: WorkspaceDir;
  /** Kills; the log lives through all of them. */
  readonly rounds: number;
  /** Submissions under way at any time. */
  readonly writers: number;
  /** Bounds of the time between ready and SIGKILL, milliseconds. */
  readonly loadMs: readonly [number, number];
  /** Numbers from 0 to 1 that say when to kill; deterministic for one seed. */
  readonly random: () => number;
  readonly server: (place: LogPlace) => ServerCommand;
  /** How readers reach the log: over HTTP, or its directory. */
  readonly source: (place: LogPlace) => TileSource;
  /** Command that checks the whole log and exits with 0 when it is sound; undefined to leave that out. */
  readonly fsck: ((place: LogPlace, log: LogVerifier) => readonly [string, ...string[]]) | undefined;
  readonly say: (line: string) => void;
}

/** What the log went through and what it broke. */
export interface CrashResult {
  readonly rounds: number;
  readonly entries: number;
  readonly acknowledged: number;
  readonly checkpoints: number;
  readonly paths: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

/** Share of rounds in which the server is also killed once while it starts and recovers, within so many milliseconds. */
const KILLED_WHILE_STARTING = 0.3;
const STARTING_MS = 500;

/** Loads, kills and restarts one log; after every restart compares it with all that was ever promised. */
export async function runCrashLoop(plan: CrashPlan): Promise<CrashResult> {
  const place = await plan.workspace.place('log');
  const log = loadSignerFile(plan.workspace.keyPem, place.origin);
  const ledger = new Ledger();
  const checkpoints = new CheckpointReader(log, ledger);
  const writers = new Writers(new EntryMaker(new Date()), ledger, checkpoints);
  let entries = 0;
  for (let round = 1; round <= plan.rounds + 1; round++) {
    if (plan.random() < KILLED_WHILE_STARTING) {
      await startAndKill(plan.server(place), plan.random() * STARTING_MS);
      await scanDirectory(place.storageDir, ledger);
    }
    const server = await startServer(plan.server(place));
    const source = plan.source(place);
    try {
      const last = round > plan.rounds;
      if (last) ledger.replayFromStart();
      entries = await replayLog(source, checkpoints, ledger);
      await runFsck(plan, place, log, ledger);
      if (last) {
        const how = await server.stop();
        if (how !== 'exit 0') ledger.violate(`the last server ended with ${how}:\n${server.output()}`);
      } else {
        const loadMs = plan.loadMs[0] + plan.random() * (plan.loadMs[1] - plan.loadMs[0]);
        await loadAndKill(server, source, loadMs, plan.writers, writers, checkpoints, ledger);
        const { acknowledged } = ledger.counts();
        plan.say(`round ${round}: killed after ${loadMs.toFixed(0)} ms; ${acknowledged} acknowledged so far`);
      }
    } finally {
      source.close();
      await server.kill();
    }
    await scanDirectory(place.storageDir, ledger);
    if (ledger.violations.length > 0) break;
  }
  const answers = Object.fromEntries(writers.answers);
  return { rounds: plan.rounds, entries, ...ledger.counts(), answers, violations: ledger.violations };
}

async function loadAndKill(
  server: ServerProcess,
  source: TileSource,
  loadMs: number,
  count: number,
  writers: Writers,
  checkpoints: CheckpointReader,
  ledger: Ledger,
): Promise<void> {
  const stop = new AbortController();
  const work = Promise.all([
    writers.run(server.command.ports.http, count, stop.signal),
    watchLog(source, checkpoints, ledger, stop.signal),
  ]);
  const ended = await Promise.race([sleep(loadMs), server.ended]);
  if (typeof ended === 'string') ledger.violate(`the server ended by itself (${ended}):\n${server.output()}`);
  stop.abort();
  await server.kill();
  await work;
}

async function runFsck(plan: CrashPlan, place: LogPlace, log: LogVerifier, ledger: Ledger): Promise<void> {
  if (plan.fsck === undefined) return;
  const { code, output } = await runCommand(plan.fsck(place, log));
  if (code !== 0) ledger.violate(`log fsck ended with exit ${code}:\n${output}`);
}
