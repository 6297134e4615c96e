import { asHash, asTreeSize, encodeUtf8 } from '@tilewright/core/bytes';
import {
  BLOCK_SIZE,
  decodeSlot,
  encodeIdentity,
  encodeSlot,
  LAYOUT,
  type RegisterKind,
} from '@tilewright/store-posix/testing';
import { LOG_ID, ORIGIN } from '../../world/log-key.ts';
import { filesOf, put, type Work } from './directory-work.ts';
import { bytesOf } from './log-images.ts';
import { ROOT } from './small-log.ts';

/** Gives the directory the identity of another log, or of another format. */
export async function otherIdentity(work: Work): Promise<void> {
  const { random } = work;
  const identities = [
    () => encodeIdentity({ origin: 'other.example', logId: LOG_ID }, 0),
    () => encodeIdentity({ origin: ORIGIN, logId: asHash(random.bytes(32)) }, 0),
    () => encodeIdentity({ origin: ORIGIN, logId: LOG_ID, entries: 'raw' }, 0),
    () => encodeUtf8(JSON.stringify({ format: 2 + random.int(9), origin: ORIGIN })),
  ];
  await put(work, LAYOUT.format, random.pick(identities)());
}

/** Makes a register say something else, in both slots, with checksums that fit. */
export async function lyingRegister(work: Work): Promise<void> {
  const { random, disk } = work;
  const kind = random.pick<RegisterKind>(['tree', 'floor']);
  const path = kind === 'tree' ? LAYOUT.treeRegister : LAYOUT.floorRegister;
  if (disk.find(`${ROOT}/${path}`)?.kind !== 'file') return;
  const bytes = bytesOf(disk, `${ROOT}/${path}`).slice(0, 2 * BLOCK_SIZE);
  const size = Math.max(0, random.int(3) - 1);
  for (const at of [0, BLOCK_SIZE]) {
    const slot = decodeSlot(kind, LOG_ID, bytes.subarray(at, at + BLOCK_SIZE));
    if (slot === undefined) continue;
    const root = random.chance(0.7) ? asHash(random.bytes(32)) : slot.tree.root;
    bytes.set(encodeSlot(kind, LOG_ID, { ...slot, tree: { size: asTreeSize(slot.tree.size + size), root } }), at);
  }
  await put(work, path, bytes);
  work.forged = true;
}

/** Puts a partial tile where one is still to be written. */
export async function tileOfTheFuture(work: Work): Promise<void> {
  const { random, disk } = work;
  const partials = filesOf(disk).filter((path) => /^tile\/[0-9].*\.p\/[0-9]+$/.test(path));
  if (partials.length === 0) return;
  const path = random.pick(partials);
  const width = Number(path.slice(path.lastIndexOf('/') + 1)) + 1;
  await put(work, `${path.slice(0, path.lastIndexOf('/'))}/${width}`, random.bytes(32 * width));
}
