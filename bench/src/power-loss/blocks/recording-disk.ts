import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { deserialize } from 'node:v8';
import { onExit } from '../../cli/exit-cleanup.ts';
import { inTime } from '../life/in-time.ts';
import { runSystem, unmount } from '../machine/mounts.ts';
import { type BlockEvent, DISK_FILE, MARK_FILE } from './block-event.ts';

/** Longer than it takes to write down what was recorded. */
const ENDS_WITHIN_MS = 20_000;

/** A file that a loop device can be set up on, and that writes down what is asked of it: writes and flushes, in order. */
export class RecordingDisk {
  /** The file that is the disk. */
  readonly path: string;
  readonly #server: ChildProcess;
  readonly #at: string;
  readonly #log: string;
  readonly #marks: number;
  readonly #forget: () => void;
  #lastMark = 0;

  private constructor(server: ChildProcess, at: string, log: string) {
    this.#server = server;
    this.#at = at;
    this.#log = log;
    this.path = join(at, DISK_FILE);
    this.#forget = onExit(() => server.kill('SIGKILL'));
    this.#marks = fs.openSync(join(at, MARK_FILE), 'r+');
  }

  /** A disk that holds the bytes of the file `base` to begin with. `scratch` is a directory for it alone. */
  static start(base: string, scratch: string): RecordingDisk {
    const at = join(scratch, 'device');
    const log = join(scratch, 'block-events');
    fs.mkdirSync(at, { recursive: true });
    const device = fs.openSync('/dev/fuse', 'r+');
    try {
      const server = join(import.meta.dirname, 'serve-disk.ts');
      // However this process ends, its disk ends with it: else the mounts would stay.
      const serving = spawn('setpriv', ['--pdeathsig', 'KILL', execPath, server, base, log], {
        stdio: ['ignore', 'ignore', 'inherit', device],
      });
      const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
      runSystem('mount', ['-i', '-t', 'fuse', '-o', options, 'recording-disk', at], device);
      return new RecordingDisk(serving, at, log);
    } finally {
      fs.closeSync(device);
    }
  }

  /** Sets a mark among the writes and flushes, and returns its number, from 1. */
  mark(): number {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(++this.#lastMark);
    fs.writeSync(this.#marks, number, 0, number.length, 0);
    return this.#lastMark;
  }

  /** Ends the recording; nothing may use the disk any more. */
  async stop(): Promise<readonly BlockEvent[]> {
    fs.closeSync(this.#marks);
    unmount(this.#at);
    await this.#end(() => {});
    return deserialize(fs.readFileSync(this.#log)) as BlockEvent[];
  }

  /** Takes the disk away, whoever uses it: nothing of the recording is wanted. */
  async destroy(): Promise<void> {
    await this.#end(() => this.#server.kill('SIGKILL'));
  }

  async #end(how: () => void): Promise<void> {
    const ended = once(this.#server, 'exit');
    how();
    await inTime(ended, 'the recording disk', ENDS_WITHIN_MS);
    this.#forget();
  }
}
