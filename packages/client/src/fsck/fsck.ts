import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import type { NoteVerifier } from '@tilewright/core/note';
import { ahead } from '@tilewright/core/reader';
import { TILE_WIDTH } from '@tilewright/core/tiles';
import { ClientError } from '../client-error.ts';
import { readCheckpoint } from '../read/read-checkpoint.ts';
import type { TileSource } from '../source/tile-source.ts';
import { Findings, type FsckReport } from './report.ts';
import { StoredObjects } from './stored-objects.ts';
import { findStrayFiles } from './stray-files.ts';
import { TreeRebuild } from './tree-rebuild.ts';

/** How far a check has come. */
export interface FsckProgress {
  readonly entriesDone: number;
  readonly entriesTotal: number;
  /** Since the start of the check; 0 until time has passed. */
  readonly entriesPerSecond: number;
}

/** How a log is checked. */
export interface FsckOptions {
  /** Called after each bundle. */
  readonly progress?: ((progress: FsckProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bundles read at a time; 8 when absent. Each can take 16 MiB of memory. */
  readonly parallel?: number | undefined;
  /** A clock in milliseconds that only goes forward, for the rate; `performance.now` when absent. */
  readonly nowMs?: (() => number) | undefined;
}

/**
 * Checks a whole log as an outsider would, from its public objects and its key alone: hashes every entry of every
 * bundle, computes every tile of every level from them, and compares all of that with what is stored, up to the root
 * that the checkpoint signs. Of a directory, every partial that is left over is compared with the whole object too, and
 * files that do not belong there are listed. Memory is bounded, whatever the size of the log.
 *
 * @returns what was found; damage of the log is never thrown
 * @throws ClientError `network`, `timeout`, `http-status`, `aborted`: the check could not be done
 */
export async function fsck(source: TileSource, verifier: NoteVerifier, options: FsckOptions = {}): Promise<FsckReport> {
  const findings = new Findings();
  const checkpoint = await openOrReport(source, verifier, findings, options.signal);
  if (checkpoint === undefined) return findings.report(undefined);
  await checkTree(source, checkpoint, findings, options);
  await findStrayFiles(source, checkpoint.size, findings, options.signal);
  return findings.report(checkpoint);
}

async function openOrReport(
  source: TileSource,
  verifier: NoteVerifier,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<OpenedCheckpoint | undefined> {
  try {
    return await readCheckpoint(source, verifier, signal);
  } catch (error) {
    const faults: readonly string[] = ['missing', 'malformed', 'untrusted', 'too-large', 'io'];
    if (!(error instanceof ClientError) || !faults.includes(error.code)) throw error;
    findings.damage('checkpoint', error.message);
    return undefined;
  }
}

async function checkTree(
  source: TileSource,
  checkpoint: OpenedCheckpoint,
  findings: Findings,
  options: FsckOptions,
): Promise<void> {
  const { progress, signal, parallel = 8, nowMs = () => performance.now() } = options;
  const objects = new StoredObjects(source, checkpoint.size);
  const rebuild = new TreeRebuild(source, checkpoint, objects, findings, signal);
  const startedMs = nowMs();
  const count = Math.ceil(checkpoint.size / TILE_WIDTH);
  const reads = ahead(count, parallel, async (index) => {
    const width = Math.min(checkpoint.size - index * TILE_WIDTH, TILE_WIDTH);
    const [bundle, tile] = await Promise.all([
      objects.bundle({ index, width }, signal),
      objects.tile({ level: 0, index, width }, signal),
    ]);
    return { width, bundle, tile, leafHashes: bundle.items?.map(leafHash) };
  });
  for await (const { width, bundle, tile, leafHashes } of reads) {
    await rebuild.addBundle(width, bundle, tile, leafHashes);
    const seconds = (nowMs() - startedMs) / 1000;
    const entriesDone = findings.checked.entries;
    progress?.({
      entriesDone,
      entriesTotal: checkpoint.size,
      entriesPerSecond: seconds > 0 ? Math.round(entriesDone / seconds) : 0,
    });
  }
  await rebuild.finish();
}
