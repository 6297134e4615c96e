import type { Tree } from '@tilewright/core/merkle';
import { type Log, LogError, type LogOptions, openLog } from '@tilewright/log';
import type { CheckedLog } from '@tilewright/log/testing';
import { openPosixStore, PosixError, type PosixStore } from '@tilewright/store-posix';
import {
  decodeSlot,
  type Fault,
  type FsOperation,
  type Intercept,
  type SimulatedDisk,
  type SimulatedProcess,
} from '@tilewright/store-posix/testing';
import type { Chooser } from '../choice/chooser.ts';
import type { Oracle } from '../oracle/oracle.ts';
import { missingAtEdge } from '../oracle/right-edge.ts';
import type { Witnesses } from '../witnesses/witnesses.ts';
import { LOG_ID, logSigner, logVerifier, ORIGIN } from '../world/log-key.ts';
import { processWorld } from '../world/process-world.ts';
import type { Schedule } from '../world/schedule.ts';
import type { Story } from '../world/story.ts';
import { AfterFailure } from './after-failure.ts';
import { type FaultRates, NO_FAULTS, weather } from './disk-faults.ts';
import { checkDisk, fileBytes, ROOT, servedPaths } from './disk-view.ts';
import type { UnreliableDedupe } from './unreliable-dedupe.ts';

const BLOCK = 4096;
/** Small enough that a few batches cross the end of a segment, and drop one. */
const LIMITS = { segmentBytes: 4 * BLOCK, reserveBytes: 2 * BLOCK, retention: { maxAgeMs: 500, maxBytes: 8 * BLOCK } };
/** What an opening may fail with when the disk failed under it. */
const DISK_TROUBLE = ['io', 'full', 'storage-failed', 'storage-full', 'closing'];

/** What everything in one history shares. */
export interface Surroundings {
  readonly chooser: Chooser;
  readonly schedule: Schedule;
  readonly oracle: Oracle;
  readonly story: Story;
}

/** One life of the server, from its start to its end. */
export interface Life {
  readonly log: Log;
  readonly store: PosixStore;
  /** Whether the process was not killed yet. */
  readonly alive: boolean;
  /** Resolves when the process is killed. */
  readonly died: Promise<void>;
  /** Whether the disk failed during this life. */
  readonly troubled: boolean;
}

class Process {
  alive = true;
  troubled = false;
  fs: SimulatedProcess | undefined;
  readonly #end = Promise.withResolvers<void>();

  get died(): Promise<void> {
    return this.#end.promise;
  }

  die(): void {
    this.alive = false;
    this.fs?.end();
    this.#end.resolve();
  }
}

interface Opened {
  readonly store: PosixStore;
  readonly log: Log;
}

/** What becomes of a change of the disk, where it was written down beforehand. */
export type Script = (operation: FsOperation) => Fault | undefined;

/** One machine: a disk, and one server process after another, each the real engine on the real driver. */
export class Machine {
  readonly disk: SimulatedDisk;
  rates: FaultRates = NO_FAULTS;
  /** Asked about each change when its turn has come; where it says nothing, chance decides. Of processes started later. */
  script: Script | undefined;
  /** Processes started so far: no two of them draw the same tokens. */
  processes = 0;
  readonly #around: Surroundings;
  readonly dedupe: UnreliableDedupe;
  readonly #options: LogOptions;
  readonly #witnesses: Witnesses | undefined;
  #process: Process | undefined;
  /** Paths that may have got other bytes since the world last looked. */
  #touched: string[] = [];

  constructor(
    disk: SimulatedDisk,
    around: Surroundings,
    dedupe: UnreliableDedupe,
    options: LogOptions,
    witnesses?: Witnesses,
  ) {
    this.disk = disk;
    this.#around = around;
    this.dedupe = dedupe;
    this.#options = options;
    this.#witnesses = witnesses;
  }

  /** Starts the server. `undefined` when it was killed, or when the disk failed, on the way. */
  async start(): Promise<Life | undefined> {
    const process = new Process();
    this.#process = process;
    const { story } = this.#around;
    const opening = this.#open(process).then(
      (opened) => ({ opened }),
      (error: unknown) => ({ error }),
    );
    const outcome = await Promise.race([opening, process.died]);
    if (outcome === undefined || !process.alive) {
      story.tell('start: killed on the way');
      this.#bury(process);
      return undefined;
    }
    if ('error' in outcome) {
      story.tell(`start: ${String(outcome.error)}`);
      this.#judgeFailure(process, outcome.error);
      this.kill();
      return undefined;
    }
    const { published, next } = outcome.opened.log.status();
    this.#around.oracle.opened(published);
    story.tell(`start: ${published} entries are published, ${next} sequenced`);
    return Object.assign(process, outcome.opened);
  }

  /** Only a disk that fails or is full excuses a log that does not open. */
  #judgeFailure(process: Process, error: unknown): void {
    const excused = process.troubled || this.disk.capacity < Number.MAX_SAFE_INTEGER;
    const code = error instanceof PosixError || error instanceof LogError ? error.code : '';
    if (!excused || !DISK_TROUBLE.includes(code))
      this.#around.oracle.breach('P1', `the log does not open: ${String(error)}`, error);
  }

  /** Ends the process without a word: whatever it wrote is on the machine, synced or not. */
  kill(): void {
    this.look();
    if (this.#process !== undefined) this.#bury(this.#process);
  }

  /** Cuts the power. Of what was not synced, `keep` says what stays. Then looks at what a static server shows. */
  async losePower(keep: (inode: number) => boolean): Promise<void> {
    this.kill();
    this.disk.powerLoss(keep);
    this.dedupe.losePower();
    const { oracle } = this.#around;
    const note = fileBytes(this.disk, 'checkpoint');
    oracle.showedAfterPowerLoss(note);
    await this.checkVisible();
  }

  /** What an outsider sees holds together and to everything seen before; whatever `end` is, more than that at the end. */
  async checkVisible(end = false): Promise<CheckedLog | undefined> {
    const { oracle } = this.#around;
    for (const path of servedPaths(this.disk)) {
      const bytes = fileBytes(this.disk, path);
      if (bytes !== undefined) oracle.served(path, bytes);
    }
    if (fileBytes(this.disk, 'checkpoint') === undefined) return undefined;
    try {
      const checked = await checkDisk(this.disk, this.#options.tileHeight);
      if (end) oracle.judgeEnd(checked);
      else oracle.judge(checked);
      const { disk } = this;
      const missing = missingAtEdge(
        checked.size,
        this.#options.tileHeight,
        (path) => fileBytes(disk, path) !== undefined,
      );
      if (missing !== undefined)
        oracle.breach('P2', `${missing} is gone while the checkpoint of ${checked.size} needs it`);
      return checked;
    } catch (cause) {
      oracle.breach('P2', `what is published does not hold together: ${String(cause)}`, cause);
      return undefined;
    }
  }

  /** Lets the oracle see what the world can see since the last change. */
  look(): void {
    if (this.#touched.length === 0) return;
    const { oracle } = this.#around;
    for (const path of this.#touched) {
      const bytes = fileBytes(this.disk, path);
      if (bytes === undefined) continue;
      if (path === 'checkpoint') oracle.showed(bytes);
      else oracle.served(path, bytes);
    }
    this.#touched = [];
  }

  #bury(process: Process): void {
    process.die();
    this.#around.schedule.forget(process);
  }

  async #open(process: Process): Promise<Opened> {
    const { chooser, schedule, story, oracle } = this.#around;
    const world = processWorld(schedule, process, ++this.processes);
    const failed = (): void => {
      process.troubled = true;
    };
    const after = new AfterFailure();
    const chance = weather(process, {
      rates: this.rates,
      schedule,
      chooser,
      story,
      failed: (operation, errno) => {
        failed();
        after.fails(operation, errno);
      },
      stopped: () => process.die(),
      watch: (operation) => {
        this.#watch(operation);
        const wrong = after.refuses(operation);
        if (wrong !== undefined) oracle.breach('P9', wrong);
      },
    });
    const fs = this.disk.process(this.script === undefined ? chance : this.#scripted(process, chance));
    process.fs = fs;
    const identity = { origin: ORIGIN, logId: LOG_ID };
    const store = await openPosixStore({
      ...world,
      fs,
      dir: ROOT,
      identity,
      mode: 'open-or-create',
      dedupe: false,
      limits: LIMITS,
      tileHeight: this.#options.tileHeight,
    });
    const signer = logSigner((text) => oracle.signing(text, durableFloor(this.disk)));
    const { objects, checkpoints, sequence } = store;
    const dedupe = this.dedupe.open(schedule, process, failed);
    const witnesses = this.#witnesses?.group(process, world.clock);
    const stores = { objects, checkpoints, sequence, dedupe };
    const deps = { origin: ORIGIN, signers: [signer], verifier: logVerifier, ...stores, witnesses };
    try {
      return { store, log: await openLog({ ...deps, ...world }, this.#options) };
    } catch (error) {
      await store.close().catch(() => undefined);
      throw error;
    }
  }

  #scripted(process: Process, chance: Intercept): Intercept {
    return async (operation) => {
      const drawn = await chance(operation);
      const fault = this.script?.(operation) ?? drawn;
      if (fault === drawn) return drawn;
      if (fault?.kind === 'error') process.troubled = true;
      // Whoever waits for the process learns it when the change has happened, or has not.
      else if (fault?.kind !== 'short') queueMicrotask(() => queueMicrotask(() => process.die()));
      return fault;
    };
  }

  #watch({ kind, path }: FsOperation): void {
    this.look();
    if (kind !== 'link' && kind !== 'rename') return;
    const name = path.slice(ROOT.length + 1);
    if (name === 'checkpoint' || name.startsWith('tile/')) this.#touched.push(name);
  }
}

/** The signed floor as a power loss right now would leave it. */
function durableFloor(disk: SimulatedDisk): Tree | undefined {
  const bytes = disk.durableBytes(`${ROOT}/.state/floor`);
  if (bytes === undefined) return undefined;
  const slots = [bytes.subarray(0, BLOCK), bytes.subarray(BLOCK)].map((slot) => decodeSlot('floor', LOG_ID, slot));
  const [a, b] = slots;
  return (a?.sequence ?? -1) > (b?.sequence ?? -1) ? a?.tree : b?.tree;
}
