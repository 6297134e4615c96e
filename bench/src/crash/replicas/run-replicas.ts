import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../server/run-command.ts';
import { AnswerJudge } from '../judge/answer-judge.ts';
import { Ledger } from '../judge/ledger.ts';
import { oversizedLeaves } from '../load/bad-requests.ts';
import { Load, type Pace } from '../load/load.ts';
import { RequestSupply } from '../load/request-supply.ts';
import { Tally } from '../load/tally.ts';
import { Writers } from '../load/writers.ts';
import { CheckpointReader } from '../read/checkpoint-reader.ts';
import { readUntilEnd } from '../read/readers.ts';
import { replayLog } from '../read/replay-log.ts';
import { counted, durations } from '../report/summary.ts';
import { BucketScan } from './bucket-scan.ts';
import { publicSource } from './public-source.ts';
import { RepeatsBook } from './repeats-book.ts';
import { Replica } from './replica.ts';
import type { ReplicaPlan } from './replica-plan.ts';
import type { ReplicaResult } from './replica-result.ts';
import { watchCheckpoint } from './watch-checkpoint.ts';

/** Three servers, their storage and their clients share a machine. */
const PACE: Pace = { badPauseMs: 50, breakers: 1, breakPauseMs: 100, breaksToTheEnd: false };
const READ_PAUSE_MS = 150;
const SCAN_PAUSE_MS = 2_000;
const SAY_EVERY_MS = 10_000;

/** Loads, kills and restarts the replicas of one log while the bucket is watched; then compares all that was promised. */
export async function runReplicas(plan: ReplicaPlan): Promise<ReplicaResult> {
  const { random, log } = plan;
  const [ledger, tally, book] = [new Ledger(), new Tally(), new RepeatsBook()];
  for (const leaf of oversizedLeaves()) book.refuse(leaf);
  const checkpoints = new CheckpointReader(log, ledger);
  const load = new Load(new Writers(new AnswerJudge(ledger, book, checkpoints, true)), plan.writers, PACE);
  const supply = new RequestSupply(random, new Date());
  const shared = { ledger, tally, book, random, supply, load, writers: plan.writers };
  const replicas = plan.replicas.map((command) => new Replica(command, shared));
  const scan = new BucketScan(plan.listUrl, ledger);
  const source = publicSource(plan.publicUrl);
  const reading = { source, checkpoints, ledger, tally, random, pauseMs: READ_PAUSE_MS };
  const over = new AbortController();
  let entries = 0;
  try {
    // All at once, although there is no log yet: one of them makes it.
    await Promise.all(replicas.map((replica) => replica.start()));
    const watching = Promise.all([
      watchCheckpoint(reading, over.signal),
      readUntilEnd(reading, { ending: new AbortController().signal, gone: over.signal }),
      scanUntilEnd(scan, over.signal),
    ]);
    await crashUntilEnd(plan, replicas, ledger, tally);
    await Promise.all(replicas.map((replica) => replica.stop()));
    over.abort();
    await watching;
    await scan.run();
    entries = await replayLog(source, checkpoints, ledger, book);
    const { code, output } = await runCommand(plan.fsck);
    if (code !== 0) ledger.violate(`log fsck ended with exit ${code}:\n${output}`);
  } finally {
    over.abort();
    await Promise.all(replicas.map((replica) => replica.kill()));
  }
  return {
    replicas: replicas.length,
    entries,
    ...ledger.counts(),
    objects: scan.seen,
    ...counted(tally),
    watcher: tally.of('watcher'),
    repeated: book.repeated,
    longestLagMs: Math.round(book.longestLagMs),
    restartMs: durations(replicas.flatMap(({ restartsMs }) => restartsMs)),
    shutdownMs: durations(replicas.flatMap(({ shutdownsMs }) => shutdownsMs)),
    violations: ledger.violations,
  };
}

/** Kills one of those that are up, again and again; it starts anew while the next one may be killed. */
async function crashUntilEnd(
  { forMs, killEveryMs: [least, most], random, say }: ReplicaPlan,
  replicas: readonly Replica[],
  ledger: Ledger,
  tally: Tally,
): Promise<void> {
  const started = performance.now();
  let saidAt = started;
  const starting = new Set<Promise<void>>();
  while (performance.now() - started < forMs && ledger.violations.length === 0) {
    await sleep(least + random() * (most - least));
    const up = replicas.filter(({ isUp }) => isUp);
    const victim = up[Math.floor(random() * up.length)];
    if (victim !== undefined) {
      await victim.crash();
      const start = victim.start().finally(() => starting.delete(start));
      starting.add(start);
    }
    if (performance.now() - saidAt < SAY_EVERY_MS) continue;
    saidAt = performance.now();
    const { acknowledged, checkpoints, paths } = ledger.counts();
    say(
      `${Math.round((saidAt - started) / 1_000)} s: ${tally.total('ends')} ends, ${acknowledged} indexes answered, ` +
        `${checkpoints} checkpoints, ${paths} paths, ${ledger.violations.length} broken`,
    );
  }
  await Promise.all(starting);
}

async function scanUntilEnd(scan: BucketScan, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await scan.run();
    await sleep(SCAN_PAUSE_MS, undefined, { signal: over }).catch(() => undefined);
  }
}
