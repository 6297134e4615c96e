import { createHash } from 'node:crypto';
import type { Hash } from '@tilewright/core/bytes';
import type { RegisterKind } from '@tilewright/store-posix/testing';

// The format of a slot a second time, from its description and not from the driver's code.

/** What is made of a slot. */
export const SLOT_VERDICTS = [
  'another length',
  'other magic',
  'checksum',
  'bytes behind it',
  'another register',
  'another log',
  'a number above 2^52',
  'valid',
] as const;
export type SlotVerdict = (typeof SLOT_VERDICTS)[number];

/** Length of a slot. */
export const SLOT = 4096;
/** Where its checksum stands, over everything before. */
const SUM_AT = 104;
const MOST = 2n ** 52n;
const KIND_NUMBERS: Readonly<Record<RegisterKind, bigint>> = { tree: 1n, floor: 2n, collected: 3n };

const hex = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('hex');
const number = (bytes: Uint8Array, at: number): bigint => BigInt(`0x${hex(bytes, at, at + 8)}`);

/** What these bytes are as a slot of the register `kind` of the log. */
export function judgeSlot(kind: RegisterKind, logId: Hash, bytes: Uint8Array): SlotVerdict {
  if (bytes.length !== SLOT) return 'another length';
  if (hex(bytes, 0, 8) !== '54577265670a0001') return 'other magic';
  if (hex(bytes, SUM_AT, SUM_AT + 32) !== sumOf(bytes).toString('hex')) return 'checksum';
  if (Buffer.compare(bytes.subarray(SUM_AT + 32), new Uint8Array(SLOT - SUM_AT - 32)) !== 0) return 'bytes behind it';
  if (number(bytes, 8) !== KIND_NUMBERS[kind]) return 'another register';
  if (hex(bytes, 72, 104) !== Buffer.from(logId).toString('hex')) return 'another log';
  return [16, 24, 32].some((at) => number(bytes, at) > MOST) ? 'a number above 2^52' : 'valid';
}

/** The number of the write that made a valid slot. */
export function sequenceOf(slot: Uint8Array): number {
  return Number(number(slot, 16));
}

/** Makes the checksums of one slot or two fit what stands there. */
export function resealSlots(bytes: Uint8Array): void {
  for (let at = 0; at + SUM_AT + 32 <= bytes.length; at += SLOT) {
    bytes.set(sumOf(bytes.subarray(at)), at + SUM_AT);
  }
}

function sumOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes.subarray(0, SUM_AT)).digest();
}
