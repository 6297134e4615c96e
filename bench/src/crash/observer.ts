import { createHash } from 'node:crypto';
import { type OpenedCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import { bundlePath, decodeEntryBundle, tilePath, tilesForSize } from '@tilewright/core/tiles';
import type { LogVerifier } from '@tilewright/signer';
import type { Ledger } from './ledger.ts';
import type { TileSource } from './tile-source.ts';

const BUNDLE = 256;

/** Opens checkpoints of one log and tells the ledger; each distinct note is verified once. */
export class CheckpointReader {
  readonly #log: LogVerifier;
  readonly #ledger: Ledger;
  readonly #opened = new Map<string, OpenedCheckpoint>();

  constructor(log: LogVerifier, ledger: Ledger) {
    this.#log = log;
    this.#ledger = ledger;
  }

  /** Verifies a note and records what it states. Throws when it is no checkpoint of this log. */
  open(note: Uint8Array): OpenedCheckpoint {
    const text = Buffer.from(note).toString('latin1');
    const known = this.#opened.get(text);
    if (known !== undefined) return known;
    const checkpoint = openCheckpoint(note, this.#log.origin, this.#log.verifier);
    this.#opened.set(text, checkpoint);
    this.#ledger.checkpoint(checkpoint.size, checkpoint.root);
    return checkpoint;
  }
}

/** Follows the published checkpoint until `signal`, reading the right edge of each, which changes most. */
export async function watchLog(
  source: TileSource,
  checkpoints: CheckpointReader,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const note = await source.read('checkpoint');
      if (note === undefined) {
        ledger.violate('there is no checkpoint');
        return;
      }
      const { size } = checkpoints.open(note);
      ledger.published(size);
      for (const path of edgePaths(size)) {
        const bytes = await source.read(path);
        if (bytes !== undefined) ledger.served(path, digest(bytes));
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
  }
}

/** Reads every leaf from the ledger's position to the published size and has it compared. */
export async function replayLog(source: TileSource, checkpoints: CheckpointReader, ledger: Ledger): Promise<number> {
  const note = await source.read('checkpoint');
  if (note === undefined) {
    ledger.violate('there is no checkpoint');
    return 0;
  }
  const { size } = checkpoints.open(note);
  while (ledger.replayedSize < size) {
    const index = Math.floor(ledger.replayedSize / BUNDLE);
    const width = Math.min(BUNDLE, size - index * BUNDLE);
    const path = bundlePath({ index, width });
    const bytes = await source.read(path);
    if (bytes === undefined) {
      ledger.violate(`${path} is missing from a log of ${size}`);
      break;
    }
    ledger.served(path, digest(bytes));
    const entries = decodeEntryBundle(bytes, width).slice(ledger.replayedSize - index * BUNDLE);
    ledger.replay(entries.map((entry) => leafHash(entry)));
  }
  ledger.settle(size);
  return size;
}

/** The last tile of every level, and the last entry bundle. */
function edgePaths(size: number): string[] {
  if (size === 0) return [];
  const tiles: string[] = tilesForSize(size).map((tile) => tilePath(tile));
  const index = Math.floor((size - 1) / BUNDLE);
  return [...tiles, bundlePath({ index, width: size - index * BUNDLE })];
}

/** SHA-256, hex. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
