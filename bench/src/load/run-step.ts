import { rm, statfs } from 'node:fs/promises';
import { type RequestPool, requestPool } from '../requests/pool.ts';
import { type LogPlace, ourServer, plainReferenceServer } from '../server/commands.ts';
import type { ServerCommand } from '../server/server-process.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { runGrpc } from './grpc/run-grpc.ts';
import type { Contestant } from './plan/contestants.ts';
import type { Step } from './plan/plan.ts';
import { ourRawServer, tesseraServer } from './raw/raw-servers.ts';
import { runRaw } from './raw/run-raw.ts';
import type { RunFigures, RunLength } from './run-figures.ts';
import { runOnce } from './run-once.ts';

/** What steps run in. */
export interface StepWorld {
  readonly workspace: WorkspaceDir;
  /** Path of rekor-server-posix. */
  readonly reference: string;
  readonly say: (line: string) => void;
}

/** Less free than this, and logs are removed as soon as they are measured. */
const MUCH_ROOM = 20 * 1024 ** 3;

/**
 * Runs one measurement on a fresh log. It stays until all of them are done, where there is room: an ext4 looks past inodes
 * that were freed lately, and whoever makes many files pays for what was removed in the minutes before. With 64 writers that
 * doubled the CPU of an entry.
 */
export async function runStep(step: Step, length: RunLength, world: StepWorld): Promise<RunFigures> {
  const { suite, writers, contestant, run } = step;
  const place = await world.workspace.place([suite, writers, contestant.id, run].join('-'));
  try {
    return await load(step, place, length, world);
  } finally {
    const { bavail, bsize } = await statfs(world.workspace.path);
    if (bavail * bsize < MUCH_ROOM) await rm(place.storageDir, { recursive: true, force: true });
  }
}

async function load(
  { contestant, writers }: Step,
  place: LogPlace,
  length: RunLength,
  world: StepWorld,
): Promise<RunFigures> {
  if (contestant.load === 'hammer') {
    const server =
      contestant.server === 'tessera-posix'
        ? await tesseraServer(world.workspace, place)
        : ourRawServer(world.workspace, place, contestant.flags);
    return runRaw(server, place, writers, length);
  }
  const pool = await enoughRequests(requestsNeeded(writers, length), world.say);
  const run = contestant.load === 'grpc' ? runGrpc : runOnce;
  return run(rekorServer(contestant, place, world.reference), place, pool, writers, length);
}

function rekorServer({ server, flags }: Contestant, place: LogPlace, reference: string): ServerCommand {
  return server === 'tilewright' ? ourServer(place, flags) : plainReferenceServer(reference, place, flags);
}

/** Prepares the requests of all these steps at once: made in between, they would keep the machine busy beside a run. */
export async function prepareRequests(
  steps: readonly Pick<Step, 'contestant' | 'writers'>[],
  length: RunLength,
  say: (line: string) => void,
): Promise<void> {
  const sizes = steps
    .filter(({ contestant }) => contestant.load !== 'hammer')
    .map(({ writers }) => requestsNeeded(writers, length));
  if (sizes.length > 0) await enoughRequests(Math.max(...sizes), say);
}

function enoughRequests(size: number, say: (line: string) => void): Promise<RequestPool> {
  return requestPool(size, (done) => {
    if (done % 50_000 === 0) say(`  preparing requests: ${done}`);
  });
}

/** Requests a second that no server here comes near. */
const MOST_A_SECOND = 16_800;
/** A writer waits for its answer before it sends more: milliseconds that none comes below. */
const FASTEST_ANSWER_MS = 0.6;

/** How many requests a run may use up. */
export function requestsNeeded(writers: number, { warmUpSeconds, measuredSeconds }: RunLength): number {
  const perSecond = Math.min(MOST_A_SECOND, (writers * 1_000) / FASTEST_ANSWER_MS);
  return Math.ceil(((warmUpSeconds + measuredSeconds) * perSecond) / 10_000) * 10_000;
}
