import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMain, say } from '../cli/run-main.ts';
import { ourCommand, ourServer, REPOSITORY, referenceServer, requireReference } from '../server/commands.ts';
import { makeWorkspaceDir, type WorkspaceDir } from '../server/workspace-dir.ts';
import type { CrashPlan } from './crash-plan.ts';
import { type CrashOptions, HELP, readOptions } from './options.ts';
import { directorySource, httpSource } from './read/tile-source.ts';
import { crashReplicas } from './replicas/crash-replicas.ts';
import { describeReplicas } from './replicas/replica-result.ts';
import { describeResult } from './report/summary.ts';
import { runCrashLoop } from './run-crash-loop.ts';
import { seededRandom } from './seeded-random.ts';

/** Of a run with replicas, unless it is told otherwise. */
const REPLICA_MINUTES = 5;
const KILL_EVERY_MS = [1_500, 5_000] as const;
const SCRATCH = join(REPOSITORY, 'bench', 'data');

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), Date.now());
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { seed, json } = options;
  if (options.reference !== undefined) requireReference(options.reference);
  say(`seed ${seed}`);
  await mkdir(SCRATCH, { recursive: true });
  const workspace = await makeWorkspaceDir(SCRATCH);
  // So that more of a start is recovery, and less the reading of source.
  process.env.NODE_COMPILE_CACHE ??= join(workspace.path, 'compiled');
  const started = performance.now();
  try {
    if (options.replicas !== undefined) return await runReplicas(options.replicas, options, workspace);
    const result = await runCrashLoop(planOf(options, workspace));
    const seconds = Math.round((performance.now() - started) / 1_000);
    process.stdout.write(describeResult(result, seconds));
    if (json !== undefined) await writeFile(json, `${JSON.stringify({ seed, seconds, ...result }, undefined, 2)}\n`);
    if (result.violations.length === 0) return 0;
    await keep(workspace, seed);
    return 1;
  } finally {
    await workspace.remove();
  }
}

async function runReplicas(
  replicas: number,
  { minutes, writers, seed, json }: CrashOptions,
  workspace: WorkspaceDir,
): Promise<number> {
  const started = performance.now();
  const result = await crashReplicas(workspace, {
    replicas,
    writers,
    forMs: (Number.isFinite(minutes) ? minutes : REPLICA_MINUTES) * 60_000,
    killEveryMs: KILL_EVERY_MS,
    random: seededRandom(seed),
    say,
  });
  const seconds = Math.round((performance.now() - started) / 1_000);
  process.stdout.write(describeReplicas(result, seconds));
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ seed, seconds, ...result }, undefined, 2)}\n`);
  return result.violations.length === 0 ? 0 : 1;
}

function planOf(options: CrashOptions, workspace: WorkspaceDir): CrashPlan {
  const { cycles, minutes, writers, seed, fsckEvery, reference } = options;
  const until = performance.now() + minutes * 60_000;
  const shared = {
    workspace,
    rounds: cycles,
    isTimeUp: () => performance.now() > until,
    writers,
    fsckEvery,
    random: seededRandom(seed),
    say,
  };
  if (reference !== undefined) {
    return {
      ...shared,
      isOurs: false,
      loadMs: [1_200, 2_500],
      server: (place) => referenceServer(reference, place),
      source: (place) => directorySource(place.storageDir),
      fsck: undefined,
    };
  }
  return {
    ...shared,
    isOurs: true,
    loadMs: [50, 1_200],
    server: (place) => ourServer(place),
    source: (place) => httpSource(place.ports.http),
    fsck: (place, log) => ourCommand(['log', 'fsck', place.storageDir, '--vkey', log.vkey]),
  };
}

/** Moves a broken log to where the next run leaves it alone. */
async function keep(workspace: WorkspaceDir, seed: number): Promise<void> {
  const kept = join(SCRATCH, `broken-log-${seed}-${process.pid}`);
  await rename(join(workspace.path, 'log'), kept);
  say(`the broken log is kept in ${kept}`);
}

await runMain('crash', main);
