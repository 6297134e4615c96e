import { asTreeSize, encodeUtf8, type Hash } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT, sha256 } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { formatSignatureLine } from '@tilewright/core/note';
import { tilePath } from '@tilewright/core/tiles';
import { CHECKPOINT_CONTRACT_ORIGIN } from '@tilewright/log/testing';
import { openPosixStore, type PosixOptions, type PosixStore } from '@tilewright/store-posix';
import { type Intercept, type SimulatedDisk, simulatedWorld } from '@tilewright/store-posix/testing';

/** Where the log of the stories lives. */
export const ROOT = '/log';
/** Which log it is. */
export const IDENTITY: PosixOptions['identity'] = {
  origin: CHECKPOINT_CONTRACT_ORIGIN,
  logId: new Uint8Array(32).fill(7) as Uint8Array as Hash,
};
const BLOCK = 4096;
const LIMITS = { segmentBytes: 4 * BLOCK, reserveBytes: 2 * BLOCK, retention: { maxAgeMs: 0, maxBytes: 0 } };
let openings = 0;

/** Opens the log, or makes it. */
export function open(disk: SimulatedDisk, intercept?: Intercept): Promise<PosixStore> {
  return openPosixStore({
    fs: disk.process(intercept),
    dir: ROOT,
    identity: IDENTITY,
    ...simulatedWorld(++openings),
    mode: 'open-or-create',
    dedupe: false,
    limits: LIMITS,
  });
}

/** A tree of `size` entries; `mark` tells trees of one size apart. */
export function tree(size: number, mark = ''): Tree {
  return { size: asTreeSize(size), root: size === 0 ? EMPTY_ROOT : sha256(encodeUtf8(`${size}${mark}`)) };
}

/** A checkpoint note with a signature that nobody made. */
export function note({ size, root }: Tree): Uint8Array {
  const text = new TextDecoder().decode(formatCheckpoint({ origin: IDENTITY.origin, size, root, extensions: [] }));
  const line = formatSignatureLine(IDENTITY.origin, 7, encodeUtf8('nobody signed this'));
  return encodeUtf8(`${text}\n${line.trimEnd()}\n`);
}

/** Without a checkpoint and tiles, a log that has entries is half a log: nobody opens it. */
export async function publishNothing({ objects, checkpoints }: PosixStore): Promise<void> {
  await objects.create(tilePath({ level: 0, index: 0, width: 1 }), new Uint8Array(32));
  await objects.sync();
  await checkpoints.replace(note(tree(0)), 'absent');
}
