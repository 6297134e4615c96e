import { isZero } from '../fs/is-zero.ts';

/** Unit of what a power loss keeps or loses, in bytes. */
export const BLOCK_SIZE = 4096;

const ZERO_BLOCK: Uint8Array = new Uint8Array(BLOCK_SIZE);

/** One version of a file: blocks that are not in the map are zeros. A block is never changed in place. */
interface FileImage {
  blocks: Map<number, Uint8Array>;
  size: number;
}

function readImage(image: FileImage, into: Uint8Array, offset: number): number {
  const length = Math.max(0, Math.min(into.length, image.size - offset));
  for (let at = 0; at < length; ) {
    const index = Math.floor((offset + at) / BLOCK_SIZE);
    const start = offset + at - index * BLOCK_SIZE;
    const count = Math.min(BLOCK_SIZE - start, length - at);
    into.set((image.blocks.get(index) ?? ZERO_BLOCK).subarray(start, start + count), at);
    at += count;
  }
  return length;
}

/** A file of the simulated disk: what programs see, and what a power loss would leave. */
export class SimulatedFile {
  readonly kind = 'file' as const;
  readonly id: number;
  readonly #seen: FileImage = { blocks: new Map(), size: 0 };
  readonly #durable: FileImage = { blocks: new Map(), size: 0 };
  /** Blocks written since the last sync, and whether the length was. */
  readonly #unsynced = new Set<number>();
  #sizeUnsynced = false;

  constructor(id: number) {
    this.id = id;
  }

  get size(): number {
    return this.#seen.size;
  }

  /** How much room the file takes. */
  get allocated(): number {
    return Math.ceil(this.#seen.size / BLOCK_SIZE) * BLOCK_SIZE;
  }

  read(into: Uint8Array, offset: number): number {
    return readImage(this.#seen, into, offset);
  }

  /** What a power loss leaves for certain. */
  durableBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#durable.size);
    readImage(this.#durable, bytes, 0);
    return bytes;
  }

  write(bytes: Uint8Array, offset: number): void {
    for (let at = 0; at < bytes.length; ) {
      const index = Math.floor((offset + at) / BLOCK_SIZE);
      const start = offset + at - index * BLOCK_SIZE;
      const count = Math.min(BLOCK_SIZE - start, bytes.length - at);
      this.#writeBlock(index, start, bytes.subarray(at, at + count));
      at += count;
    }
    if (offset + bytes.length > this.#seen.size) this.#resize(offset + bytes.length);
  }

  truncate(size: number): void {
    for (const index of this.#seen.blocks.keys()) {
      if (index * BLOCK_SIZE >= size) {
        this.#seen.blocks.delete(index);
        this.#unsynced.add(index);
      }
    }
    const last = Math.floor(size / BLOCK_SIZE);
    const kept = size - last * BLOCK_SIZE;
    if (this.#seen.blocks.has(last)) this.#writeBlock(last, kept, new Uint8Array(BLOCK_SIZE - kept));
    this.#resize(size);
  }

  sync(): void {
    this.#settle(() => true);
  }

  /** A sync that failed: the system forgets that the blocks were ever to be written, and goes on serving them. */
  failSync(): void {
    this.#unsynced.clear();
    this.#sizeUnsynced = false;
  }

  /** After a power loss: of what was not synced, whatever `keep` says. */
  loseUnsynced(keep: () => boolean): void {
    this.#settle(keep);
    this.#seen.blocks = new Map(this.#durable.blocks);
    this.#seen.size = this.#durable.size;
  }

  /** Another file with the same bytes, durable and not. */
  clone(): SimulatedFile {
    const copy = new SimulatedFile(this.id);
    copy.#seen.blocks = new Map(this.#seen.blocks);
    copy.#seen.size = this.#seen.size;
    copy.#durable.blocks = new Map(this.#durable.blocks);
    copy.#durable.size = this.#durable.size;
    for (const index of this.#unsynced) copy.#unsynced.add(index);
    copy.#sizeUnsynced = this.#sizeUnsynced;
    return copy;
  }

  /** Changes stored bytes behind everyone's back, durably. */
  corrupt(offset: number, change: (byte: number) => number): void {
    const index = Math.floor(offset / BLOCK_SIZE);
    for (const image of [this.#seen, this.#durable]) {
      const block = (image.blocks.get(index) ?? ZERO_BLOCK).slice();
      const at = offset - index * BLOCK_SIZE;
      block[at] = change(block[at] ?? 0);
      image.blocks.set(index, block);
    }
  }

  /** Makes durable what `keep` picks of the unsynced changes, and forgets the others. */
  #settle(keep: () => boolean): void {
    const durable = this.#durable;
    if (this.#sizeUnsynced && keep()) durable.size = this.#seen.size;
    for (const index of this.#unsynced) {
      if (!keep()) continue;
      const block = this.#seen.blocks.get(index);
      if (block === undefined) durable.blocks.delete(index);
      else durable.blocks.set(index, block);
      durable.size = Math.max(durable.size, Math.min(this.#seen.size, (index + 1) * BLOCK_SIZE));
    }
    for (const index of durable.blocks.keys()) if (index * BLOCK_SIZE >= durable.size) durable.blocks.delete(index);
    this.failSync();
  }

  #writeBlock(index: number, start: number, bytes: Uint8Array): void {
    const { blocks } = this.#seen;
    this.#unsynced.add(index);
    // Zero-filled files are large and mostly never read: their blocks are not kept.
    if (isZero(bytes) && (bytes.length === BLOCK_SIZE || !blocks.has(index))) {
      blocks.delete(index);
      return;
    }
    const block = bytes.length === BLOCK_SIZE ? bytes.slice() : (blocks.get(index) ?? ZERO_BLOCK).slice();
    if (bytes.length < BLOCK_SIZE) block.set(bytes, start);
    if (isZero(block)) blocks.delete(index);
    else blocks.set(index, block);
  }

  #resize(size: number): void {
    this.#sizeUnsynced ||= size !== this.#seen.size;
    this.#seen.size = size;
  }
}
