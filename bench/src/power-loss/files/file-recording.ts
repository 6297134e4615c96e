import { join } from 'node:path';
import { type LogKey, loadSignerFile } from '@tilewright/signer';
import { type Fs, nodeFs, type SyncPurpose } from '@tilewright/store-posix';
import { LazyFs } from '../life/lazy-fs.ts';
import { bothPromises, type Moment, NO_PROMISES, PromiseBook, type Promises } from '../life/promises.ts';
import { type LogHome, type LogProcess, startLog } from '../life/start-log.ts';
import { type Act, live } from '../life/workload.ts';
import type { DiskImage } from './disk-image.ts';
import { RecordingFs } from './recording-fs.ts';
import { type Step, Trace } from './trace.ts';

/** The name of every log of these runs. */
export const ORIGIN = 'example.com/power-loss';
/** The log's directory, below what is recorded. */
const LOG_DIR = 'log';

/** A life of a log on a real file system, call by call. */
export interface FileRecording {
  readonly form: 'files';
  readonly keyPem: string;
  /** Syncs that were left out on purpose: a planted defect. */
  readonly without: SyncPurpose | undefined;
  /** What was there before, all of it durable. */
  readonly base: DiskImage;
  readonly steps: readonly Step[];
  readonly marks: number;
  readonly promises: Promises;
}

/** The log in a directory `top`, whose dedupe index no recording of calls would see. */
export function homeIn(top: string, keyPem: string): LogHome {
  const key: LogKey = loadSignerFile(keyPem, ORIGIN);
  return { dir: join(top, LOG_DIR), key, dedupe: 'in-memory' };
}

/** What a recording begins with: a disk, and what was done on it and promised before. */
export type Beginning = Pick<FileRecording, 'base' | 'steps' | 'marks' | 'promises'>;

/** Takes down what processes do to a directory `top`, and what they promise. */
export class FileRecorder {
  /** What is promised now. */
  readonly book: PromiseBook;
  readonly fs: Fs;
  readonly #trace: Trace;
  readonly #beginning: Beginning;
  readonly #log: Pick<FileRecording, 'keyPem' | 'without'>;

  constructor(top: string, log: Pick<FileRecording, 'keyPem' | 'without'>, beginning: Beginning) {
    const trace = new Trace(beginning.steps, beginning.marks);
    this.#trace = trace;
    this.#beginning = beginning;
    this.#log = log;
    this.book = new PromiseBook(() => trace.moment);
    const recording = new RecordingFs(nodeFs(), top, trace);
    this.fs = log.without === undefined ? recording : new LazyFs(recording, log.without);
  }

  /** Mark at which what is recorded now began. */
  get begunAt(): Moment {
    return this.#beginning.marks;
  }

  /** What was recorded so far. */
  get recording(): FileRecording {
    const { keyPem, without } = this.#log;
    const { steps, moment } = this.#trace;
    const { base, promises } = this.#beginning;
    return { form: 'files', keyPem, without, base, steps, marks: moment, promises: bothPromises(promises, this.book) };
  }
}

/** Lives a life in the empty directory `top`, and records it. */
export async function recordFiles(
  top: string,
  keyPem: string,
  acts: readonly Act[],
  without: SyncPurpose | undefined,
): Promise<FileRecording> {
  const nothing = { base: { names: [], digest: '' }, steps: [], marks: 0, promises: NO_PROMISES };
  const recorder = new FileRecorder(top, { keyPem, without }, nothing);
  const home = homeIn(top, keyPem);
  await live(acts, (): Promise<LogProcess> => startLog(home, recorder.fs, recorder.book));
  return recorder.recording;
}
