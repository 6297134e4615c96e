import { execFile } from 'node:child_process';
import { readFileSync, readlinkSync, rmSync, statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const TOP_UP_MS = 100;
const BLOCK = 4096;

/** A file that takes all the room there is on a file system, and whatever becomes free, until it is removed. */
export class Ballast {
  readonly #file: string;
  readonly #top: string;
  readonly #reservedBytes: number;
  #bytes = 0;
  #isNeeded = true;
  #topUps = 0;
  #work: Promise<void> = Promise.resolve();

  /** `device` is the major and minor number of the file system's device. */
  constructor(top: string, device: string) {
    this.#top = top;
    this.#reservedBytes = reservedBytes(device);
    this.#file = join(top, 'ballast');
  }

  /** Times that something became free and was taken again. */
  get topUps(): number {
    return this.#topUps;
  }

  /** Room that files could have. */
  get freeBytes(): number {
    const { bfree, bsize } = statfsSync(this.#top);
    return Math.max(0, bfree * bsize - this.#reservedBytes);
  }

  /** Takes the room, and goes on taking it. */
  async fill(): Promise<void> {
    await this.#take();
    this.#work = this.#keepFull();
  }

  async remove(): Promise<void> {
    this.#isNeeded = false;
    await this.#work;
    rmSync(this.#file, { force: true });
  }

  async #keepFull(): Promise<void> {
    while (this.#isNeeded) {
      if (this.freeBytes >= BLOCK) {
        this.#topUps += 1;
        await this.#take();
      }
      await sleep(TOP_UP_MS);
    }
  }

  /** What cannot be had in one piece may be had in smaller ones: the file's own tree takes blocks, too. */
  async #take(): Promise<void> {
    for (let piece = this.freeBytes; piece >= BLOCK && this.#isNeeded; ) {
      const length = Math.floor(piece / BLOCK) * BLOCK;
      const isTaken = await promisify(execFile)('fallocate', [
        '-o',
        `${this.#bytes}`,
        '-l',
        `${length}`,
        this.#file,
      ]).then(
        () => true,
        () => false,
      );
      this.#bytes += length;
      piece = isTaken ? this.freeBytes : Math.min(this.freeBytes, length / 4);
    }
  }
}

/** What an ext4 keeps for itself, and still counts as free. */
function reservedBytes(device: string): number {
  const name = basename(readlinkSync(`/sys/dev/block/${device}`));
  return Number(readFileSync(`/sys/fs/ext4/${name}/reserved_clusters`, 'latin1')) * BLOCK;
}
