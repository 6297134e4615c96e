import { encodeHex } from '@tilewright/core/bytes';
import type { LogOptions, NewEntry } from '@tilewright/log';
import { SimulatedDisk } from '@tilewright/store-posix/testing';
import type { Chooser } from '../../../choice/chooser.ts';
import { WrittenChooser } from '../../../choice/written-chooser.ts';
import { baseImage } from '../../../machine/base-image.ts';
import { checkDisk, fileBytes } from '../../../machine/disk-view.ts';
import { type Life, Machine, type Script } from '../../../machine/machine.ts';
import { Oracle } from '../../../oracle/oracle.ts';
import { chooseSettings } from '../../../workload/log-settings.ts';
import { entry } from '../../../world/entries.ts';
import { Schedule } from '../../../world/schedule.ts';
import { Story } from '../../../world/story.ts';
import { type Answer, ClientBook } from './client-book.ts';
import { ScriptedDedupe } from './scripted-dedupe.ts';

const BOUNDS = { steps: 10_000, ms: 600_000 };
const CLOSE_MS = 5_000;
/** Everything in order, nothing by chance. */
const PLAIN: Chooser = new WrittenChooser([]);

/** Settings of the engine for tiles of `tileHeight`: every limit but those that are changed is far away. */
export function settings(tileHeight: number, changed: Partial<LogOptions> = {}): LogOptions {
  return { ...chooseSettings(PLAIN, 1), tileHeight, ...changed };
}

/** What a scene is set with. */
export interface Setting {
  readonly disk: SimulatedDisk;
  readonly oracle: Oracle;
  readonly options: LogOptions;
  /** Entries that the log holds already. */
  readonly published?: number;
  /** The oldest step happens first, and time passes when there is none, unless told otherwise. */
  readonly schedule?: Schedule;
}

/** One machine and its clients, whose troubles are written down: the real engine on the real driver. */
export class Scene {
  readonly disk: SimulatedDisk;
  readonly oracle: Oracle;
  readonly schedule: Schedule;
  readonly dedupe: ScriptedDedupe = new ScriptedDedupe();
  readonly machine: Machine;
  readonly options: LogOptions;
  /** Says what becomes of each change of the disk; where it says nothing, it goes well. */
  script: Script | undefined;
  readonly #story = new Story(true);
  #book: ClientBook;

  constructor({ disk, oracle, options, published = 0, schedule = new Schedule(PLAIN, BOUNDS) }: Setting) {
    this.disk = disk;
    this.oracle = oracle;
    this.options = options;
    this.schedule = schedule;
    this.#book = new ClientBook(oracle, this.#story, published);
    this.machine = new Machine(disk, { chooser: PLAIN, schedule, oracle, story: this.#story }, this.dedupe, options);
    this.machine.script = (operation) => this.script?.(operation);
  }

  /** A disk without a log. */
  static empty(options: LogOptions): Scene {
    return new Scene({ disk: new SimulatedDisk(), oracle: new Oracle(), options });
  }

  /** A disk with a log of `entries` entries, all of it durable, that no process has open. */
  static async withLog(entries: number, options: LogOptions, how: Pick<Setting, 'schedule'> = {}): Promise<Scene> {
    const { disk, oracle } = await baseImage(entries, options);
    return new Scene({ ...how, disk, oracle, options, published: entries });
  }

  /** Such a log, whose server was killed when it had given indexes to two entries more and told nobody. */
  static async withKilledLog(entries: number, options: LogOptions): Promise<Scene> {
    const scene = await Scene.withLog(entries, options);
    scene.script = ({ purpose }) => (purpose === 'object-data' ? { kind: 'stop-before' } : undefined);
    await scene.play(async () => {
      await scene.sendMany(await scene.start(), 2);
      await scene.losePower();
    });
    scene.script = undefined;
    return scene;
  }

  /** Entries that were ever sent in. */
  get sent(): number {
    return this.#book.sent.length;
  }

  /** Entries that were ever answered with an index. */
  get answered(): number {
    return this.#book.answered;
  }

  /**
   * The same disk, promises and clients, from where another history goes on: no process has the disk open. What the
   * dedupe index held is lost.
   */
  copy(): Scene {
    const scene = new Scene({ disk: this.disk.clone(), oracle: this.oracle.clone(), options: this.options });
    scene.#book = this.#book.copy(scene.oracle, scene.#story);
    scene.machine.processes = this.machine.processes;
    return scene;
  }

  /** Lets things happen until `work` is done. Throws what went wrong, with the story of it. */
  async play<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await this.schedule.until(work());
      this.oracle.check();
      return result;
    } catch (error) {
      const cause = this.oracle.broken ?? error;
      if (cause instanceof Error && cause.name === 'AssertionError') throw cause;
      throw new Error([String(cause), ...this.#story.lines].join('\n  '), { cause });
    }
  }

  /** Starts the server, which has no reason not to. */
  async start(): Promise<Life> {
    const life = await this.machine.start();
    if (life === undefined) throw this.oracle.broken ?? new Error('the log does not start');
    return life;
  }

  /** Starts another server on this disk, at the same time; what it says when it refuses, and nothing when it opened. */
  async refusal(): Promise<unknown> {
    const { disk, options, schedule } = this;
    const other = new Scene({ disk, oracle: new Oracle(), options, schedule });
    other.machine.processes = this.machine.processes + 1000;
    if ((await other.machine.start()) === undefined) return other.oracle.broken?.cause;
    other.machine.kill();
    return undefined;
  }

  /** Sends one entry in: a new one unless given. */
  send(life: Life, one: NewEntry = entry(this.sent)): Promise<Answer> {
    return this.#book.send(life, one);
  }

  /** Sends `count` new entries in at once. */
  sendMany(life: Life, count: number): Promise<readonly Answer[]> {
    return Promise.all(Array.from({ length: count }, () => this.send(life)));
  }

  /** Sends everything in once more that was ever sent in, at once. */
  repeatAll(life: Life): Promise<readonly Answer[]> {
    return Promise.all(this.#book.sent.map((one) => this.send(life, one)));
  }

  /** Lets time pass. */
  pause(ms: number): Promise<void> {
    return this.schedule.sleep(this, ms);
  }

  /** Closes the log and ends the process. */
  async close(life: Life): Promise<void> {
    const outcome = await Promise.race([life.log.close({ timeoutMs: CLOSE_MS }), life.died]);
    if (life.alive && !life.troubled && outcome !== 'settled') {
      this.oracle.breach('P8', 'nothing fails, and the log does not close in time');
    }
    this.machine.kill();
  }

  /** Cuts the power: nothing that was not synced stays, unless told otherwise. */
  losePower(keep: () => boolean = () => false): Promise<void> {
    return this.machine.losePower(keep);
  }

  /** Nothing fails any more. */
  mend(): void {
    this.script = undefined;
    this.dedupe.unwritable = false;
    this.disk.capacity = Number.MAX_SAFE_INTEGER;
    this.disk.readOnly = false;
  }

  /**
   * Nothing fails any more: the log opens, unless it is open, every client asks once more, one more comes; the log
   * closes, and the power goes. What is left must be the log of exactly these entries, each once, and must keep every
   * promise ever made.
   */
  async comeToRest(open?: Life): Promise<void> {
    this.mend();
    const life = open ?? (await this.start());
    void this.send(life);
    for (const { index } of await this.repeatAll(life)) {
      if (index === undefined) this.oracle.breach('P7', 'nothing fails, and an entry is refused');
    }
    const { unready } = life.log.status();
    if (unready !== undefined) this.oracle.breach('P7', `nothing fails, and the log is not ready: ${unready}`);
    await this.close(life);
    this.disk.powerLoss(0);
    this.oracle.showedAfterPowerLoss(fileBytes(this.disk, 'checkpoint'));
    const checked = await checkDisk(this.disk, this.options.tileHeight);
    this.oracle.judgeEnd(checked);
    const { size, entries } = checked;
    const different = new Set(entries.map(encodeHex)).size;
    if (size !== this.sent || different !== this.sent) {
      this.oracle.breach(
        'P1',
        `${this.sent} entries were sent in; the log holds ${size}, ${different} of them different`,
      );
    }
  }
}
