import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogVerifier } from '@tilewright/signer';
import type { Auditor } from './check/auditor.ts';
import type { Violation } from './check/judge.ts';
import { Pacer } from './load/pacer.ts';
import { readAnywhere, readEverything } from './load/readers.ts';
import { Submissions } from './load/submissions.ts';
import { writeUntilStop } from './load/writers.ts';
import { logReads, ReadFailure } from './net/log-reads.ts';
import type { HammerOptions } from './options.ts';
import { Refused } from './refused.ts';
import type { HammerResult } from './result/hammer-result.ts';
import { type Measured, Meter, makeResult } from './result/make-result.ts';
import { makeParts, type RunParts } from './run-parts.ts';
import { findTarget } from './target/find-target.ts';
import { openPools } from './target/open-pools.ts';
import { tryOneWrite } from './target/try-one-write.ts';

/** What a run tells while it goes on. */
export interface Watcher {
  /** Before the load: one line. */
  say(line: string): void;
  /** A few times a second. */
  watch(parts: RunParts, seconds: number): void;
}

/** What came of a run. */
export interface HammerOutcome {
  readonly result: HammerResult;
  /** With their evidence. */
  readonly violations: readonly Violation[];
}

const WATCH_MS = 250;
const AUDIT_MS = 200;
/** For answers to writes that were under way when the writing stopped. */
const LAST_ANSWERS_MS = 10_000;
const SETTLE_STEP_MS = 20;

/**
 * Loads a log and checks it.
 * @throws Refused when there is nothing to load
 */
export async function runHammer(options: HammerOptions, log: LogVerifier, watcher: Watcher): Promise<HammerOutcome> {
  const pools = await openPools(options.url, options.readUrl, options.isOwned);
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  try {
    const target = await findTarget({ log, kind: options.kind, ...pools });
    const parts = await makeParts(target, log, pools, end.signal);
    setMaxListeners(0, parts.stop.signal);
    return await load(options, parts, end.signal, watcher);
  } finally {
    end.abort();
    pools.writes.end();
    pools.reads.end();
  }
}

async function load(
  options: HammerOptions,
  parts: RunParts,
  end: AbortSignal,
  watcher: Watcher,
): Promise<HammerOutcome> {
  const { auditor, follower, judge, stop, target } = parts;
  const goal = options.goal ?? target.kind.defaultGoal;
  const submissions = options.writers > 0 ? await prepare(options, parts, goal, watcher) : undefined;
  const meter = new Meter(parts);
  judge.broken.addEventListener('abort', () => stop.end('violation'));
  if (judge.broken.aborted) stop.end('violation');
  const timer = setTimeout(() => stop.end('time'), options.maxRuntimeMs);
  const view = setInterval(() => watcher.watch(parts, meter.seconds), WATCH_MS);
  const faults: unknown[] = [];
  // Whatever is not foreseen ends the run at once, and is thrown when the others have ended.
  const background = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      faults.push(error);
      stop.end('violation');
    });
  if (auditor !== undefined) {
    void background(follower.run(end));
    void background(auditAlong(auditor, parts, end));
  }
  try {
    const reading = startReaders(options, parts).map(background);
    if (submissions !== undefined) await write(options, parts, submissions, goal);
    else await untilAborted(stop.signal);
    const measured: Measured = meter.measured;
    await Promise.all(reading);
    if (faults.length > 0) throw faults[0];
    if (auditor !== undefined) await settle(auditor, parts, options.settleMs);
    if (stop.ending === 'frozen' && judge.violations.length === 0) {
      throw new Refused(
        `the log at ${options.url} was frozen while it was loaded, after ${parts.writes.accepted} writes`,
      );
    }
    if (options.writers > 0 && parts.writes.accepted === 0) {
      judge.report('nothing-accepted', `no write was accepted: ${JSON.stringify(parts.writes.errors.byKind())}`);
    }
    return { result: makeResult(options, parts, measured), violations: judge.violations };
  } finally {
    clearTimeout(timer);
    clearInterval(view);
    parts.pools.writes.end();
    parts.pools.reads.end();
    stop.end('time');
  }
}

/** Signs or makes what is to be written, and writes the first entry. */
async function prepare(options: HammerOptions, parts: RunParts, goal: number, { say }: Watcher): Promise<Submissions> {
  const { pools, promises, target } = parts;
  const { kind } = target;
  const { leafSize, duplicateChance } = options;
  const supply = await kind.prepare(pools.writes.endpoint, { leafSize, count: goal + 1, say });
  const first = supply.next();
  if (first !== undefined) {
    const connection = pools.writes.connection();
    const index = await tryOneWrite(kind, pools.writes.endpoint.url, connection, first);
    connection.end();
    if (index !== undefined) promises.add(index, first.leafHash, first.entry);
  }
  return new Submissions(supply, goal, duplicateChance);
}

/** Writes until it is time to stop; then waits for what is under way. */
async function write(options: HammerOptions, parts: RunParts, submissions: Submissions, goal: number): Promise<void> {
  const { pools, target, writes, stop } = parts;
  const { writeRate, writers } = options;
  const pacer = writeRate === undefined ? undefined : new Pacer(writeRate, true, performance.now());
  const writing = { ...parts, kind: target.kind, submissions, goal, pacer, tally: writes };
  const all = Promise.all(Array.from({ length: writers }, () => writeUntilStop(writing, pools.writes.connection())));
  // A writer that throws must not leave the others waiting for a stop that nobody calls.
  await Promise.race([all, untilAborted(stop.signal)]);
  const given = new AbortController();
  await Promise.race([all, sleep(LAST_ANSWERS_MS, undefined, { signal: given.signal }).catch(() => {})]);
  given.abort();
  pools.writes.end();
  await all;
}

function startReaders(options: HammerOptions, parts: RunParts): Promise<void>[] {
  const { auditor, pools, reads, stop, target } = parts;
  if (auditor === undefined) return [];
  const { readRate, randomReaders, fullReaders } = options;
  const pacer = readRate === undefined ? undefined : new Pacer(readRate, false, performance.now());
  const { signal } = stop;
  const read = logReads({ pool: pools.reads, readPath: target.readPath, tally: reads, pacer, signal });
  const reading = { ...parts, auditor, read, signal };
  return [
    ...Array.from({ length: randomReaders }, () => readAnywhere(reading)),
    ...Array.from({ length: fullReaders }, () => readEverything(reading)),
  ];
}

async function auditAlong(auditor: Auditor, { follower }: RunParts, end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    const startedMs = performance.now();
    await auditor.audit(follower.published, false).catch(ignoreReadFailure);
    const tookMs = performance.now() - startedMs;
    await sleep(Math.max(AUDIT_MS, 3 * tookMs), undefined, { signal: end }).catch(() => {});
  }
}

/** Waits for a checkpoint that covers every answer, and compares the rest. */
async function settle(auditor: Auditor, parts: RunParts, settleMs: number): Promise<void> {
  const { follower, judge, promises } = parts;
  const until = performance.now() + settleMs;
  while (follower.published.size <= promises.highest && performance.now() < until && !judge.broken.aborted) {
    await sleep(SETTLE_STEP_MS);
  }
  try {
    await auditor.audit(follower.published, true);
  } catch (error) {
    ignoreReadFailure(error);
    judge.report('unreadable', `the log's entries could not be read: ${error instanceof Error ? error.message : ''}`);
  }
  const { lowest } = promises;
  if (judge.broken.aborted || lowest === undefined) return;
  judge.report(
    'not-integrated',
    `index ${lowest.index} was answered, but ${settleMs / 1_000} s after the last write the log has ` +
      `${follower.published.size} entries`,
    {
      'checkpoint-later': follower.published.note,
      index: String(lowest.index),
      ...(lowest.entry && { 'entry-sent': lowest.entry }),
    },
  );
}

/** It was counted where it came from. What stays unread to the end is reported then. */
function ignoreReadFailure(error: unknown): void {
  if (!(error instanceof ReadFailure)) throw error;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
