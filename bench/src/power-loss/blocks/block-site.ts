import { join } from 'node:path';
import { nodeFs } from '@tilewright/store-posix';
import type { CrashImage, CrashSite, JudgedImage } from '../crash-site.ts';
import { judge } from '../life/judge.ts';
import { type Moment, PromiseBook, type Promises } from '../life/promises.ts';
import { mountImage, unmount } from '../machine/mounts.ts';
import { type Blocks, CrashedDisk, digestOf, writeBlocks } from './block-image.ts';
import { type BlockRecording, homeOn } from './block-recording.ts';

/** A recording of a disk; its images are file systems, mounted below `scratch`. */
export class BlockSite implements CrashSite {
  readonly last: Moment;
  readonly boundaries: readonly Moment[];
  readonly promises: Promises;
  readonly #recording: BlockRecording;
  readonly #disk: CrashedDisk;
  readonly #image: string;
  readonly #at: string;

  constructor(recording: BlockRecording, scratch: string) {
    this.#recording = recording;
    this.#disk = new CrashedDisk(recording.base, recording.events);
    this.#image = join(scratch, 'crashed.ext4');
    this.#at = join(scratch, 'crashed');
    this.last = recording.events.length;
    this.promises = recording.promises;
    const beside = recording.events.flatMap(({ kind }, at) => (kind === 'flush' ? [at, at + 1] : []));
    this.boundaries = [...new Set([...beside, this.last])];
  }

  describe(moment: Moment): string {
    const before = this.#recording.events.slice(0, moment);
    const unflushed = before.length - 1 - before.findLastIndex(({ kind }) => kind === 'flush');
    return `event ${moment} of ${this.last} at the disk, ${unflushed} after a flush`;
  }

  async image(moment: Moment, choice: number): Promise<CrashImage> {
    const blocks = this.#disk.after(moment, choice);
    return { digest: digestOf(blocks), judge: (name, promised) => this.#judge(blocks, name, promised) };
  }

  async #judge(blocks: Blocks, name: string, promised: Promises): Promise<JudgedImage> {
    writeBlocks(blocks, this.#image, this.#recording.size);
    try {
      // The kernel replays the journal here.
      mountImage(this.#image, this.#at);
      try {
        const home = homeOn(this.#at, this.#recording.keyPem);
        await judge({ home, promised, name, fs: nodeFs(), book: new PromiseBook(() => 0) });
      } finally {
        unmount(this.#at);
      }
      return { images: 1 };
    } catch (error) {
      return { images: 1, broken: String(error) };
    }
  }
}
