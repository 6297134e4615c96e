import { setTimeout as sleep } from 'node:timers/promises';
import { verifyInclusion } from '@tilewright/core/merkle';
import type { CheckCounts } from '../check/check-counts.ts';
import type { CheckpointBook } from '../check/checkpoint-book.ts';
import type { Judge } from '../check/judge.ts';
import type { Promises } from '../check/promises.ts';
import type { IntegrationClock } from '../measure/integration-clock.ts';
import type { WriteTally } from '../measure/tallies.ts';
import type { Answer } from '../net/answer-parser.ts';
import { type Connection, ExchangeError } from '../net/connection.ts';
import { pushbackMs } from '../net/retry-after.ts';
import type { Claim, LogKind, Submission } from '../target/log-kind.ts';
import type { Pacer } from './pacer.ts';
import type { Stop } from './stop.ts';
import type { Submissions } from './submissions.ts';

/** What all writers share. */
export interface Writing {
  readonly kind: LogKind;
  readonly submissions: Submissions;
  readonly goal: number;
  readonly pacer: Pacer | undefined;
  readonly tally: WriteTally;
  readonly clock: IntegrationClock;
  readonly promises: Promises;
  readonly book: CheckpointBook;
  readonly judge: Judge;
  readonly counts: CheckCounts;
  readonly stop: Stop;
}

const AFTER_ERROR_MS = 250;

/** One writer: a submission, its answer, the next, until it is time to stop. */
export async function writeUntilStop(writing: Writing, connection: Connection): Promise<void> {
  const { submissions, pacer, stop } = writing;
  while (!stop.signal.aborted) {
    const dueMs = await pacer?.next(stop.signal).catch(() => undefined);
    if (stop.signal.aborted) return;
    const submission = submissions.next();
    if (submission === undefined) {
      // Others may fail, and then there is something to do again.
      if (submissions.isGoalIssued) await pause(AFTER_ERROR_MS, stop);
      else stop.end('requests');
      continue;
    }
    if (await submit(writing, connection, submission, dueMs)) continue;
    submissions.failed();
    await pause(AFTER_ERROR_MS, stop);
  }
}

/** Sends it until it is accepted, refused, or it is time to stop. Whether it was accepted. */
export async function submit(
  writing: Writing,
  connection: Connection,
  submission: Submission,
  dueMs: number | undefined,
): Promise<boolean> {
  const { tally, stop } = writing;
  for (;;) {
    const sentMs = performance.now();
    const answer = await connection.exchange(submission.request).catch((error: unknown) => {
      if (error instanceof ExchangeError) return error;
      throw error;
    });
    if (answer instanceof ExchangeError) {
      if (!stop.signal.aborted) tally.errors.add(answer.kind);
      return false;
    }
    const pushback = pushbackMs(answer, Date.now());
    if (pushback === undefined) return judgeAnswer(writing, submission, answer, sentMs, dueMs);
    tally.pushbacks++;
    await pause(pushback, stop);
    if (stop.signal.aborted) return false;
  }
}

function judgeAnswer(
  writing: Writing,
  submission: Submission,
  answer: Answer,
  sentMs: number,
  dueMs: number | undefined,
): boolean {
  const { kind, tally, judge, promises, clock, submissions, stop, goal } = writing;
  const nowMs = performance.now();
  const result = kind.read(answer);
  switch (result.kind) {
    case 'failed':
      tally.errors.add(result.error);
      return false;
    case 'frozen':
      tally.errors.add('frozen');
      stop.end('frozen');
      return false;
    case 'unreadable':
      judge.report('bad-answer', `an accepted write: ${result.reason}`, {
        'entry-sent': submission.entry,
        answer: answer.body,
      });
      return false;
    case 'accepted':
      tally.accepted++;
      tally.bytes += submission.entry.length;
      tally.latency.record(nowMs - sentMs);
      if (dueMs !== undefined) tally.sinceDue.record(nowMs - Math.min(dueMs, sentMs));
      if (result.isDuplicate) tally.duplicates++;
      else clock.accepted(result.index, sentMs);
      promises.add(result.index, submission.leafHash, submission.entry);
      submissions.accepted(submission);
      if (result.claim !== undefined) checkClaim(writing, submission, result.index, result.claim);
      if (tally.accepted >= goal) stop.end('goal');
      return true;
  }
}

/** An answer of Rekor proves by itself that the entry is in the log. */
function checkClaim(writing: Writing, submission: Submission, index: number, { proof, note }: Claim): void {
  const { book, judge, counts } = writing;
  const checkpoint = book.open(note, `in the answer for index ${index}`);
  if (checkpoint === undefined) return;
  try {
    verifyInclusion(submission.leafHash, index, checkpoint, proof);
    counts.answerProofs++;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    judge.report('bad-proof', `the answer for index ${index} does not prove its entry: ${reason}`, {
      'checkpoint-later': note,
      index: String(index),
      'entry-sent': submission.entry,
    });
  }
}

function pause(ms: number, stop: Stop): Promise<void> {
  return sleep(ms, undefined, { signal: stop.signal }).catch(() => {});
}
