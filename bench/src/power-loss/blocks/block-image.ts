import { createHash, hash } from 'node:crypto';
import fs from 'node:fs';
import { seededRandom } from '../../crash/seeded-random.ts';
import type { Moment } from '../life/promises.ts';
import type { BlockEvent } from './block-event.ts';

/** What a disk writes whole or not at all, in bytes. */
const BLOCK = 4096;

/** The blocks of a disk that are not all zeros, by number. */
export type Blocks = ReadonlyMap<number, Uint8Array>;

/** The blocks of a whole disk; copies. */
export function blocksOf(disk: Uint8Array): Blocks {
  const blocks = new Map<number, Uint8Array>();
  for (let at = 0; at < disk.length; at += BLOCK) {
    const block = disk.subarray(at, at + BLOCK);
    if (block.some((byte) => byte !== 0)) blocks.set(at / BLOCK, Uint8Array.from(block));
  }
  return blocks;
}

/** What power failures leave of a recorded disk. */
export class CrashedDisk {
  readonly #events: readonly BlockEvent[];
  /** What is durable after so many events; in order. */
  readonly #durable: { readonly events: Moment; readonly blocks: Blocks }[];

  constructor(base: Blocks, events: readonly BlockEvent[]) {
    this.#events = events;
    let flushed = { events: 0, blocks: base };
    this.#durable = [flushed];
    for (const [at, { kind }] of events.entries()) {
      if (kind !== 'flush') continue;
      flushed = { events: at + 1, blocks: written(flushed.blocks, events.slice(flushed.events, at), () => true) };
      this.#durable.push(flushed);
    }
  }

  /**
   * What is on the disk when power fails after `moment` events: everything that was written before the last flush, and
   * of the writes since then what `choice` says, block by block: 0 nothing, 1 everything, any other a subset of its own.
   */
  after(moment: Moment, choice: number): Blocks {
    const flushed = this.#durable.findLast(({ events }) => events <= moment);
    if (flushed === undefined) throw new RangeError(`there is no moment ${moment}`);
    const random = seededRandom(Math.imul(choice, 0x9e37_79b1) + 2 ** 31);
    const keep = choice === 0 ? () => false : choice === 1 ? () => true : () => random() < 0.5;
    return written(flushed.blocks, this.#events.slice(flushed.events, moment), keep);
  }
}

function written(before: Blocks, events: readonly BlockEvent[], keep: () => boolean): Blocks {
  const blocks = new Map(before);
  for (const event of events) {
    if (event.kind !== 'write') continue;
    for (const [number, start, bytes] of piecesOf(event)) {
      if (!keep()) continue;
      const block = Uint8Array.from(blocks.get(number) ?? new Uint8Array(BLOCK));
      block.set(bytes, start);
      blocks.set(number, block);
    }
  }
  return blocks;
}

/** A write, cut at the ends of blocks: number of the block, where in it, what. */
function* piecesOf({ offset, bytes }: BlockEvent & { kind: 'write' }): Generator<[number, number, Uint8Array]> {
  for (let at = 0; at < bytes.length; ) {
    const number = Math.floor((offset + at) / BLOCK);
    const start = offset + at - number * BLOCK;
    const length = Math.min(BLOCK - start, bytes.length - at);
    yield [number, start, bytes.subarray(at, at + length)];
    at += length;
  }
}

/** Blocks are never changed: each is hashed once. */
const digests = new WeakMap<Uint8Array, string>();

/** Equal for equal disks. */
export function digestOf(blocks: Blocks): string {
  const digest = createHash('sha256');
  for (const [number, block] of [...blocks].sort(([a], [b]) => a - b)) {
    const known = digests.get(block) ?? hash('sha256', block);
    digests.set(block, known);
    digest.update(`${number} ${known}\n`);
  }
  return digest.digest('hex');
}

/** Makes a file of it. */
export function writeBlocks(blocks: Blocks, path: string, size: number): void {
  const file = fs.openSync(path, 'w', 0o600);
  try {
    fs.ftruncateSync(file, size);
    for (const [number, block] of blocks) fs.writeSync(file, block, 0, block.length, number * BLOCK);
  } finally {
    fs.closeSync(file);
  }
}
