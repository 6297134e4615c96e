import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSignerFile } from '@tilewright/signer';
import { type LogPlace, ourCommand, ourServer } from '../server/commands.ts';
import { runCommand } from '../server/run-command.ts';
import { type ServerProcess, startServer } from '../server/server-process.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { checkAtRest } from './final-checks.ts';
import { type GrowthLimits, growth, mebibytes } from './memory/limits.ts';
import { descriptorCount, Meter, type RoundSample, withReporter } from './memory/measure.ts';
import type { Findings } from './traffic/findings.ts';
import { Rounds } from './traffic/round.ts';
import { SilentConnections } from './traffic/silent-connections.ts';

/** What to run. */
export interface SoakPlan {
  readonly workspace: WorkspaceDir;
  /** Times that the whole table is sent. */
  readonly rounds: number;
  /** Of these, the rounds before the first measurement. */
  readonly warmup: number;
  /** Table requests under way at one time. */
  readonly concurrency: number;
  readonly limits: GrowthLimits;
  /** The server's limit for requests and idle connections, milliseconds; undefined for its default of 20 s. */
  readonly serverTimeoutMs: number | undefined;
  /** Progress, one line each. */
  readonly say: (line: string) => void;
}

/** What was seen; sizes in bytes. */
export interface SoakResult {
  readonly rounds: number;
  readonly tableRequests: number;
  /** Answers by status, and ways in which clients left. */
  readonly answers: Readonly<Record<string, number>>;
  /** After the warm-up, after every tenth round, and when everything is closed. */
  readonly samples: readonly RoundSample[];
  readonly violations: readonly string[];
}

/** Enough for a full bundle, and for the log's caches to have what they hold at most. */
const FILL_ENTRIES = 600;
const SAMPLE_EVERY = 10;
const IDLE_MS = 300;
/** Every exchange has a limit of 30 s. */
const ROUND_LIMIT_MS = 180_000;
const DEFAULT_TIMEOUT_MS = 20_000;
/** A half-open call takes its time, then its connection, which has some seconds to say goodbye. */
const SILENCE_TIMEOUTS = 2;
const SILENCE_GRACE_MS = 10_000;

/** Sends the whole table to a real server over and over, beside clients that break off, and sees what it keeps. */
export async function runSoak(plan: SoakPlan): Promise<SoakResult> {
  const place = await plan.workspace.place('log');
  const flags = plan.serverTimeoutMs === undefined ? [] : [`--server-timeout=${plan.serverTimeoutMs}ms`];
  const reportFile = join(plan.workspace.path, 'memory.json');
  const server = await startServer(withReporter(ourServer(place, flags), reportFile));
  const rounds = new Rounds(server.command.ports, plan.concurrency);
  const { findings } = rounds;
  const samples: RoundSample[] = [];
  try {
    await drive(plan, rounds, new Meter(server, reportFile), samples);
    await checkAtRest(server.command.ports, findings);
    await checkLog(plan.workspace, place, findings);
    await checkEnd(server, findings);
  } finally {
    await server.kill();
  }
  return {
    rounds: plan.rounds,
    tableRequests: rounds.tableSize,
    answers: Object.fromEntries([...findings.answers].sort(([a], [b]) => a.localeCompare(b))),
    samples,
    violations: findings.violations,
  };
}

/** Runs the rounds, until one finds something, and measures; what is open at the end is for the server to close. */
async function drive(plan: SoakPlan, rounds: Rounds, meter: Meter, samples: RoundSample[]): Promise<void> {
  const { findings } = rounds;
  const silent = new SilentConnections(rounds.ports, rounds.maker);
  // The connection that asked whether the server is ready may still be closing.
  await sleep(IDLE_MS);
  const idleSockets = await meter.sockets();
  const measure = async (round: number): Promise<void> => {
    await meter.settle(idleSockets + silent.count);
    const sample = { round, ...(await meter.sample()) };
    samples.push(sample);
    plan.say(progress(sample));
  };
  await within(ROUND_LIMIT_MS, 'filling the log', rounds.fill(FILL_ENTRIES));
  for (let round = 1; round <= plan.rounds && findings.violations.length === 0; round++) {
    await within(ROUND_LIMIT_MS, `round ${round}`, rounds.run());
    if (round === plan.warmup) await measure(round);
    if (round <= plan.warmup) continue;
    if (round < plan.rounds && round % SAMPLE_EVERY === 0) await measure(round);
    if ((round - plan.warmup) % SAMPLE_EVERY === 1) await silent.open();
  }
  const timeoutMs = plan.serverTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const left = await silent.untilEnded(
    SILENCE_TIMEOUTS * timeoutMs + SILENCE_GRACE_MS,
    async () => (await meter.sockets()) <= idleSockets,
  );
  for (const name of left) findings.violate(`a silent connection (${name}) is never ended`);
  await measure(plan.rounds);
  for (const fault of growth(samples, plan.limits)) findings.violate(fault);
}

/** Rejects when `work` takes longer: whatever waits then would wait for ever. */
async function within(ms: number, what: string, work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what} did not end within ${ms / 1000} s`);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}

function progress({ round, ...sample }: RoundSample): string {
  return (
    `round ${round}: heap ${mebibytes(sample.heap)} + ${mebibytes(sample.workerHeap)} in workers, ` +
    `external ${mebibytes(sample.external)}, resident ${mebibytes(sample.resident)}, ` +
    `${descriptorCount(sample.descriptors)} descriptors`
  );
}

async function checkLog(workspace: WorkspaceDir, place: LogPlace, findings: Findings): Promise<void> {
  const { vkey } = loadSignerFile(workspace.keyPem, place.origin);
  const { code, output } = await runCommand(ourCommand(['log', 'fsck', place.storageDir, '--vkey', vkey]));
  if (code !== 0) findings.violate(`log fsck ended with exit ${code}:\n${output}`);
}

/** SIGTERM settles everybody who waits, or the exit status is 1. */
async function checkEnd(server: ServerProcess, findings: Findings): Promise<void> {
  const how = await server.stop();
  if (how !== 'exit 0') findings.violate(`SIGTERM ended the server with ${how}:\n${server.output()}`);
}
