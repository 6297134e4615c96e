import { nodeFs } from '@tilewright/store-posix';
import { SimulatedDisk } from '@tilewright/store-posix/testing';
import type { CrashImage, CrashSite, JudgedImage } from '../crash-site.ts';
import { judge } from '../life/judge.ts';
import { type Moment, movePromises, PromiseBook, type Promises, promisedBy } from '../life/promises.ts';
import type { LogHome } from '../life/start-log.ts';
import { type DiskImage, imageOf, writeImage } from './disk-image.ts';
import { type Beginning, FileRecorder, type FileRecording, homeIn } from './file-recording.ts';
import { replayTrace } from './replay-trace.ts';
import { describeStep, openPaths, stepsUntil } from './trace.ts';

/** How recoveries are tried in turn. */
export interface CutShort {
  /** Of so many images, the recovery of one is recorded and cut short. */
  readonly every: number;
  /** At so many moments, the last of them its end. */
  readonly times: number;
}

/** A recording of calls; its images are real files below `scratch`, which is emptied each time. */
export class FileSite implements CrashSite {
  readonly last: Moment;
  readonly boundaries: readonly Moment[];
  readonly promises: Promises;
  readonly #recording: FileRecording;
  readonly #scratch: string;
  readonly #cuts: CutShort;
  readonly #base: SimulatedDisk;
  readonly #paths: ReadonlyMap<number, string>;
  readonly #home: LogHome;
  #judged = 0;

  private constructor(recording: FileRecording, scratch: string, cuts: CutShort, base: SimulatedDisk) {
    this.#recording = recording;
    this.#scratch = scratch;
    this.#cuts = cuts;
    this.#base = base;
    this.#home = homeIn(scratch, recording.keyPem);
    this.#paths = openPaths(recording.steps);
    this.last = recording.marks;
    this.promises = recording.promises;
    const syncs = recording.steps.filter(({ change }) => 'purpose' in change);
    const beside = syncs.flatMap(({ begun, ended = begun }) => [begun, begun + 1, ended + 1]);
    this.boundaries = [...new Set([...beside, this.last])].sort((a, b) => a - b);
  }

  static async open(recording: FileRecording, scratch: string, cuts: CutShort): Promise<FileSite> {
    return new FileSite(recording, scratch, cuts, await diskOf(recording.base));
  }

  describe(moment: Moment): string {
    const last = this.#recording.steps.findLast(({ begun, ended }) => begun < moment && begun !== ended);
    if (last === undefined) return 'the beginning';
    const underWay = (last.ended ?? moment) >= moment ? ', under way' : '';
    return `${describeStep(last, this.#paths)}${underWay}`;
  }

  async image(moment: Moment, choice: number): Promise<CrashImage> {
    const { base, steps } = this.#recording;
    const disk = await replayTrace(this.#base, steps, moment);
    disk.powerLoss(choice);
    const image = imageOf(disk);
    return {
      digest: image.digest,
      judge: (name, promised) =>
        this.#judge(image, name, promised, () =>
          // Where nothing is lost the process may as well have been killed: what was not synced still is not.
          choice === 1
            ? { base, steps: stepsUntil(steps, moment), marks: moment, promises: promised }
            : { base: image, steps: [], marks: 0, promises: movePromises(promised, () => 0) },
        ),
    };
  }

  async #judge(image: DiskImage, name: string, promised: Promises, beginning: () => Beginning): Promise<JudgedImage> {
    writeImage(image, this.#scratch);
    const recorder = new FileRecorder(this.#scratch, this.#recording, beginning());
    const { fs, book } = recorder;
    try {
      await judge({ home: this.#home, promised, name, fs, book });
    } catch (error) {
      return { images: 1, broken: String(error) };
    }
    const cutShort = this.#judged++ % this.#cuts.every === 0;
    return cutShort ? this.#cutShort(recorder, name) : { images: 1 };
  }

  /** Power fails while the log recovers, or goes on: what is left must hold all promises, old and new. */
  async #cutShort(recorder: FileRecorder, name: string): Promise<JudgedImage> {
    const { recording, begunAt } = recorder;
    const base = await diskOf(recording.base);
    const { times } = this.#cuts;
    for (let cut = 1; cut <= times; cut++) {
      // Other places each time.
      const within = (cut - (this.#judged % 7) / 7) / times;
      const moment = begunAt + Math.floor((cut === times ? 1 : within) * (recording.marks - begunAt));
      const choice = cut % 2 === 1 ? 2 + this.#judged : 0;
      const disk = await replayTrace(base, recording.steps, moment);
      disk.powerLoss(choice);
      writeImage(imageOf(disk), this.#scratch);
      const promised = promisedBy(recording.promises, moment);
      const again = { fs: nodeFs(), book: new PromiseBook(() => 0) };
      try {
        await judge({ home: this.#home, promised, name: `${name}.${cut}`, ...again });
      } catch (error) {
        const broken = `and again at mark ${moment}, choice ${choice}: ${String(error)}`;
        return { images: 1 + cut, broken, within: { recording, moment, choice } };
      }
    }
    return { images: 1 + times };
  }
}

async function diskOf({ names }: DiskImage): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const fs = disk.process();
  for (const name of names) {
    if (name.kind === 'directory') await fs.mkdir(name.path, name.permissions);
    else if (name.kind === 'link') await fs.link(name.to, name.path);
    else await (await fs.open(name.path, 'create')).pwrite(name.bytes, 0);
  }
  disk.powerLoss(1);
  return disk;
}
