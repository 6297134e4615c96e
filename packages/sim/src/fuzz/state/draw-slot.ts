import { asHash, asTreeSize, type Hash } from '@tilewright/core/bytes';
import type { FuzzRandom, Sample } from '@tilewright/fuzz';
import type { RegisterKind, RegisterValue } from '@tilewright/store-posix/testing';
import { SLOT } from './judge-slot.ts';

export const KINDS: readonly RegisterKind[] = ['tree', 'floor', 'collected'];

/** The logs whose registers are damaged. */
export const LOGS: readonly Hash[] = [0x33, 0x44].map((byte) => asHash(new Uint8Array(32).fill(byte)));

export function drawValue(random: FuzzRandom): RegisterValue {
  return {
    tree: { size: asTreeSize(random.int(random.pick([1, 300, 2 ** 40]))), root: asHash(random.bytes(32)) },
    epoch: random.int(50),
  };
}

/** What a mutator should know of slots: kind, sequence, size and epoch, and that most of a slot is padding. */
export function slotSample(bytes: Uint8Array): Sample {
  const starts = Array.from({ length: bytes.length / SLOT }, (_, at) => at * SLOT);
  return {
    bytes,
    fields: starts.flatMap((at) => [8, 16, 24, 32].map((field) => ({ at: at + field, width: 8 as const }))),
    busy: starts.map((at) => ({ start: at, end: at + 144 })),
  };
}
