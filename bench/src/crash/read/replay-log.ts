import { leafHash } from '@tilewright/core/hash';
import { bundlePath, decodeEntryBundle, TILE_WIDTH } from '@tilewright/core/tiles';
import { digest } from '../judge/digest.ts';
import type { EntryBook } from '../judge/entry-book.ts';
import type { Ledger } from '../judge/ledger.ts';
import type { CheckpointReader } from './checkpoint-reader.ts';
import type { TileSource } from './tile-source.ts';

/** Reads every leaf from the ledger's position to the published size and has it compared. Returns that size. */
export async function replayLog(
  source: TileSource,
  checkpoints: CheckpointReader,
  ledger: Ledger,
  book: EntryBook,
): Promise<number> {
  const checkpoint = await checkpoints.published(source);
  if (checkpoint === undefined) return 0;
  const { size } = checkpoint;
  while (ledger.replayedSize < size) {
    const start = ledger.replayedSize;
    const index = Math.floor(start / TILE_WIDTH);
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const path = bundlePath({ index, width });
    const bytes = await source.read(path);
    if (bytes === undefined) {
      ledger.violate(`${path} is missing from a log of ${size}`);
      break;
    }
    ledger.served(path, digest(bytes));
    const entries = decodeEntryBundle(bytes, width).slice(start - index * TILE_WIDTH);
    const leaves = entries.map((entry) => leafHash(entry));
    for (const [i, leaf] of leaves.entries()) {
      const fault = book.met(leaf, start + i);
      if (fault !== undefined) ledger.violate(fault);
    }
    ledger.replay(leaves);
  }
  ledger.settle(size);
  return size;
}
