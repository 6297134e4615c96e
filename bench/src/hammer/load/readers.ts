import { setTimeout as sleep } from 'node:timers/promises';
import { equalBytes } from '@tilewright/core/bytes';
import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import { type ReadObject, TreeReader } from '@tilewright/core/reader';
import { ENTRY_BUNDLES, TILE_WIDTH } from '@tilewright/core/tiles';
import type { Auditor } from '../check/auditor.ts';
import type { CheckCounts } from '../check/check-counts.ts';
import type { Follower } from '../check/follower.ts';
import type { Judge } from '../check/judge.ts';
import { ReadFailure } from '../net/log-reads.ts';

/** What readers share. */
export interface Reading {
  readonly read: ReadObject;
  readonly follower: Follower;
  readonly auditor: Auditor;
  readonly judge: Judge;
  readonly counts: CheckCounts;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

const AFTER_NOTHING_MS = 100;

/** Reads entries anywhere in the log, each with its proof, without keeping anything: as many clients would. */
export async function readAnywhere(reading: Reading): Promise<void> {
  await readUntilStop(reading, async (checkpoint) => {
    const index = Math.floor(Math.random() * checkpoint.size);
    const reader = new TreeReader(reading.read, checkpoint, ENTRY_BUNDLES);
    const { leafHash } = await reader.proveInclusion(index);
    reading.counts.inclusionProofs++;
    const bundle = await reader.bundle(Math.floor(index / TILE_WIDTH));
    reading.counts.entriesRead += bundle.length;
    const audited = reading.auditor.leafAt(index);
    if (audited === undefined || equalBytes(audited, leafHash)) return;
    const earlier = reading.auditor.audited;
    reading.judge.report('checkpoint-inconsistent', `two signed trees have other entries at index ${index}`, {
      'checkpoint-earlier': earlier.note,
      'checkpoint-later': checkpoint.note,
      index: String(index),
    });
  });
}

/** Reads the whole log from its first entry, over and over, as a monitor that starts would. */
export async function readEverything(reading: Reading): Promise<void> {
  await readUntilStop(reading, async (checkpoint) => {
    const reader = new TreeReader(reading.read, checkpoint, ENTRY_BUNDLES);
    for await (const _ of reader.entries({ parallel: 1 })) {
      reading.counts.entriesRead++;
      if (reading.signal.aborted) return;
    }
  });
}

async function readUntilStop(
  { follower, auditor, signal }: Reading,
  step: (checkpoint: OpenedCheckpoint) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const checkpoint = follower.published;
    try {
      if (checkpoint.size > 0) await step(checkpoint);
      else await pause(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CoreError) await auditor.blame(error, checkpoint).catch(ignoreReadFailure);
      else ignoreReadFailure(error);
      await pause(signal);
    }
  }
}

/** It was counted where it came from; a log that stays silent is the follower's to report. */
function ignoreReadFailure(error: unknown): void {
  if (!(error instanceof ReadFailure)) throw error;
}

function pause(signal: AbortSignal): Promise<void> {
  return sleep(AFTER_NOTHING_MS, undefined, { signal }).catch(() => {});
}
