import { NOTE_LIMITS } from '@tilewright/core/note';
import { MAX_ENTRY_SIZE, TILE_WIDTH } from '@tilewright/core/tiles';
import { LAYOUT, type SimulatedDisk } from '@tilewright/store-posix/testing';
import { judgeHeader } from '../segment/judge-segment.ts';
import { ROOT } from './small-log.ts';

const BLOCK = 4096;
/** Files of JSON are read so far and a byte further. */
const JSON_CAP = 4097;
const HASH_TILE = TILE_WIDTH * 32;
const BUNDLE = TILE_WIDTH * (2 + MAX_ENTRY_SIZE);
/** How often a start and a few publications look at the same file. */
const LOOKS = 40;

/** The most that a start may read of each file of this directory, as it stands now: by path, root included. */
export function readCap(disk: SimulatedDisk): (path: string) => number {
  const segments = new Map(
    disk.files(`${ROOT}/${LAYOUT.wal}`).map((path) => {
      const file = disk.file(path);
      const first = new Uint8Array(Math.min(BLOCK, file.size));
      file.read(first, 0);
      const claimed = judgeHeader(first) === 'valid' ? Number(new DataView(first.buffer).getBigUint64(80)) : 0;
      return [path, claimed === file.size ? file.size : BLOCK] as const;
    }),
  );
  return (path) => {
    const name = path.slice(ROOT.length + 1);
    if (name === LAYOUT.format || name === LAYOUT.owner) return JSON_CAP;
    if (name === LAYOUT.checkpoint || name.startsWith(`${LAYOUT.checkpoints}/`))
      return LOOKS * (NOTE_LIMITS.maxBytes + 1);
    if (name.startsWith(`${LAYOUT.tiles}/entries/`)) return LOOKS * BUNDLE;
    if (name.startsWith(`${LAYOUT.tiles}/`)) return LOOKS * HASH_TILE;
    return segments.get(path) ?? LOOKS * 2 * BLOCK;
  };
}
