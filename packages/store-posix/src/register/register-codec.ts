import { hash } from 'node:crypto';
import { asHash, asTreeSize, concatBytes, encodeUtf8, equalBytes, type Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { BLOCK } from '../directory/layout.ts';
import { isZero } from '../fs/is-zero.ts';
import { storedCount } from '../fs/stored-count.ts';

/** Which register a slot belongs to. */
export type RegisterKind = 'tree' | 'floor' | 'collected';

/** What a register holds. */
export interface RegisterValue {
  /** Of `collected`, only the size means something: the cursor. */
  readonly tree: Tree;
  /** The opening of the log that wrote it. */
  readonly epoch: number;
}

/** A value and the number of its write. */
export interface RegisterSlot extends RegisterValue {
  readonly sequence: number;
}

const KINDS: Readonly<Record<RegisterKind, number>> = { tree: 1, floor: 2, collected: 3 };
const MAGIC: Uint8Array = encodeUtf8('TWreg\n\u0000\u0001');
const CHECKSUM_AT = 104;

// magic 8, kind 8, sequence 8, size 8, epoch 8, root 32, log id 32: 104 bytes, then their SHA-256.
/** One slot: {@link BLOCK} bytes, of which a torn write spoils the checksum. */
export function encodeSlot(kind: RegisterKind, logId: Hash, slot: RegisterSlot): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setBigUint64(8, BigInt(KINDS[kind]));
  view.setBigUint64(16, BigInt(slot.sequence));
  view.setBigUint64(24, BigInt(slot.tree.size));
  view.setBigUint64(32, BigInt(slot.epoch));
  bytes.set(slot.tree.root, 40);
  bytes.set(logId, 72);
  bytes.set(checksum(bytes), CHECKSUM_AT);
  return bytes;
}

/** The slot that `bytes` hold, or nothing when they are damaged, torn, or of another register or log. */
export function decodeSlot(kind: RegisterKind, logId: Hash, bytes: Uint8Array): RegisterSlot | undefined {
  if (bytes.length !== BLOCK || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return undefined;
  if (!equalBytes(bytes.subarray(CHECKSUM_AT, CHECKSUM_AT + 32), checksum(bytes))) return undefined;
  if (!isZero(bytes.subarray(CHECKSUM_AT + 32))) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getBigUint64(8) !== BigInt(KINDS[kind]) || !equalBytes(bytes.subarray(72, 104), logId)) return undefined;
  const [sequence, size, epoch] = [16, 24, 32].map((at) => storedCount(view, at));
  if (sequence === undefined || size === undefined || epoch === undefined) return undefined;
  return { sequence, tree: { size: asTreeSize(size), root: asHash(Uint8Array.from(bytes.subarray(40, 72))) }, epoch };
}

/** The bytes of a new register: both slots hold `value`. */
export function encodeRegister(kind: RegisterKind, logId: Hash, value: RegisterValue): Uint8Array {
  return concatBytes(
    encodeSlot(kind, logId, { ...value, sequence: 0 }),
    encodeSlot(kind, logId, { ...value, sequence: 1 }),
  );
}

function checksum(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes.subarray(0, CHECKSUM_AT), 'buffer');
}
