import type { CrashPlan } from './crash-plan.ts';
import { steadyPorts } from './life/steady-ports.ts';
import { LogUnderTest } from './log-under-test.ts';
import { Progress } from './report/progress.ts';
import { type CrashResult, counted, durations } from './report/summary.ts';

/** Chance, after each time, that one more server is killed while it starts and recovers. */
const KILLED_WHILE_STARTING = 0.3;
/** Before there is a log at all: creation has crashes of its own. */
const KILLED_WHILE_CREATING = 4;
const INTRUDED = 0.04;

/** Loads, kills and restarts one log; after every restart compares it with all that was ever promised. */
export async function runCrashLoop(plan: CrashPlan): Promise<CrashResult> {
  const place = { ...(await plan.workspace.place('log')), ports: await steadyPorts() };
  const log = new LogUnderTest(plan, place);
  const { ledger, tally } = log;
  const progress = new Progress(plan);
  let rounds = 0;
  for (let i = 0; i < KILLED_WHILE_CREATING; i++) await log.killWhileStarting();
  while (rounds < plan.rounds && !plan.isTimeUp() && ledger.violations.length === 0) {
    rounds += 1;
    await runCycle(plan, log, rounds);
    progress.report(rounds, log);
  }
  if (ledger.violations.length === 0) await runLast(log);
  return {
    rounds,
    entries: log.entries,
    ...ledger.counts(),
    ...counted(tally),
    restartMs: durations(log.restartsMs),
    stateBytes: log.stateBytes,
    violations: ledger.violations,
  };
}

async function runCycle(plan: CrashPlan, log: LogUnderTest, round: number): Promise<void> {
  while (plan.random() < KILLED_WHILE_STARTING) await log.killWhileStarting();
  const server = await log.start();
  if (server === undefined) return;
  try {
    await log.verify(server);
    if (round % plan.fsckEvery === 0) await log.fsck();
    if (plan.isOurs && plan.random() < INTRUDED) await log.intrude();
    if (log.ledger.violations.length > 0) return;
    const [least, most] = plan.loadMs;
    await log.loadAndEnd(server, (least + plan.random() * (most - least)) * log.slowness);
  } finally {
    await server.kill();
  }
}

/** Everything once more, from the first entry on. */
async function runLast(log: LogUnderTest): Promise<void> {
  const server = await log.start();
  if (server === undefined) return;
  try {
    await log.verify(server, true);
    await log.finish(server);
  } finally {
    await server.kill();
  }
}
