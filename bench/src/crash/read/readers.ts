import { setTimeout as sleep } from 'node:timers/promises';
import { proveConsistencyFromSource, proveInclusionFromSource } from '@tilewright/client';
import { equalBytes } from '@tilewright/core/bytes';
import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import { digest } from '../judge/digest.ts';
import type { Ledger } from '../judge/ledger.ts';
import type { Phase } from '../life/phase.ts';
import type { Tally } from '../load/tally.ts';
import type { CheckpointReader } from './checkpoint-reader.ts';
import { edgePaths, somePath } from './paths.ts';
import type { TileSource } from './tile-source.ts';

/** What readers work with. */
export interface Reading {
  readonly source: TileSource;
  readonly checkpoints: CheckpointReader;
  readonly ledger: Ledger;
  readonly tally: Tally;
  readonly random: () => number;
  /** Milliseconds between two readings; 4 unless given. */
  readonly pauseMs?: number;
}

/** Writers need the processor too. */
const PAUSE_MS = 4;

/** Reads and compares until the server is gone: a failure before it was told to end is a broken promise. */
export async function readUntilEnd(reading: Reading, phase: Phase): Promise<void> {
  const steps = [followCheckpoint, readSomeTiles, proveSomeAnswer];
  await Promise.all(
    steps.map(async (step) => {
      while (!phase.gone.aborted) {
        try {
          const checkpoint = await reading.checkpoints.published(reading.source);
          reading.tally.count('reads', 'checkpoints');
          if (checkpoint === undefined) return;
          await step(reading, checkpoint);
          await sleep(reading.pauseMs ?? PAUSE_MS);
        } catch (error) {
          if (phase.ending.aborted) return;
          reading.ledger.violate(`a reader failed: ${error instanceof Error ? error.message : error}`);
          return;
        }
      }
    }),
  );
}

/** The right edge of each checkpoint, which changes most. */
async function followCheckpoint(reading: Reading, { size }: OpenedCheckpoint): Promise<void> {
  for (const path of edgePaths(size)) await readTile(reading, path);
}

/** Any tile or bundle that any checkpoint ever needed, and that the new one continues the earlier. */
async function readSomeTiles(reading: Reading, now: OpenedCheckpoint): Promise<void> {
  const { ledger, random, source, tally } = reading;
  const old = ledger.earlier(random());
  if (old === undefined || old.size === 0 || old.size > now.size) return;
  for (const path of edgePaths(old.size)) await readTile(reading, path);
  await readTile(reading, somePath(now.size, random));
  await proveConsistencyFromSource(source, old, now);
  tally.count('reads', 'consistency proofs');
}

/** An entry that was answered earlier is in the tree, at its index, by the tiles alone. */
async function proveSomeAnswer(reading: Reading, now: OpenedCheckpoint): Promise<void> {
  const { ledger, random, source, tally } = reading;
  // An answer can have come since an empty checkpoint was read.
  if (now.size === 0) return;
  const index = Math.floor(random() * Math.min(ledger.promised().answers, now.size));
  const promised = ledger.acknowledged(index);
  if (promised === undefined) return;
  const { leafHash } = await proveInclusionFromSource(source, now, index);
  tally.count('reads', 'inclusion proofs');
  if (!equalBytes(leafHash, promised)) ledger.violate(`index ${index} holds another entry`);
}

/** Reads a path that some checkpoint needed; a partial may be gone when the full one is there. */
async function readTile({ source, ledger, tally }: Reading, path: string): Promise<void> {
  const full = path.replace(/\.p\/.*$/, '');
  tally.count('reads', full === path ? 'full tiles and bundles' : 'partial tiles and bundles');
  const bytes = await source.read(path);
  if (bytes !== undefined) return ledger.served(path, digest(bytes));
  const grown = full === path ? undefined : await source.read(full);
  if (grown === undefined) ledger.violate(`${path} is missing, and some checkpoint needs it`);
  else ledger.served(full, digest(grown));
}
