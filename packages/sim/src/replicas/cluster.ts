import { bundlePath, fullPath, type TilePath, tilePath, tileShape, tilesForSize } from '@tilewright/core/tiles';
import { type Log, LogError, type LogOptions, openLog } from '@tilewright/log';
import { type CheckedLog, checkLog } from '@tilewright/log/testing';
import { type MemoryState, type MemoryStore, openMemoryStore } from '@tilewright/store-memory';
import type { Surroundings } from '../machine/machine.ts';
import { logSigner, logVerifier, ORIGIN } from '../world/log-key.ts';
import { processWorld } from '../world/process-world.ts';
import { type Mishaps, NO_MISHAPS } from './ambiguity.ts';
import { type Manner, NETWORKED, RemoteStore } from './remote-store.ts';

/** One process of a replicated log. */
export interface Replica {
  /** Which of the processes of this history it is. */
  readonly number: number;
  readonly log: Log;
  readonly alive: boolean;
  readonly died: Promise<void>;
  /** Whether a call of it went wrong. */
  readonly troubled: boolean;
}

class Process {
  readonly number: number;
  alive = true;
  troubled = false;
  readonly kill: () => void;
  readonly #end = Promise.withResolvers<void>();

  constructor(number: number, kill: (process: Process) => void) {
    this.number = number;
    this.kill = () => kill(this);
  }

  get died(): Promise<void> {
    return this.#end.promise;
  }

  die(): void {
    this.alive = false;
    this.#end.resolve();
  }
}

/** How long a process may take to open, or to close, before somebody kills it. */
const PATIENCE_MS = 20_000;

/** A shared store and the processes that run one log on it, each the real engine. */
export class Cluster {
  mishaps: Mishaps = NO_MISHAPS;
  readonly store: MemoryStore;
  readonly #around: Surroundings;
  readonly #options: LogOptions;
  readonly #remote: RemoteStore;
  readonly #seen = new WeakSet<Uint8Array>();
  #shown: Uint8Array | undefined;
  #processes = 0;

  constructor(
    state: MemoryState,
    around: Surroundings,
    options: LogOptions,
    minIntervalMs: number,
    manner: Manner = NETWORKED,
  ) {
    this.#around = around;
    this.#options = options;
    const clock = { monotonicMs: () => around.schedule.nowMs };
    this.store = openMemoryStore({ state, clock, minIntervalMs });
    if (options.answerAt === 'signed') around.oracle.mayAnswerAhead((size) => this.#isReadable(size));
    this.#remote = new RemoteStore(this.store, around, manner, () => this.#look());
  }

  /** Starts one more process. `undefined` when the network failed it on the way. */
  async start(): Promise<Replica | undefined> {
    const { schedule, story, oracle } = this.#around;
    const process = new Process(++this.#processes, (killed) => this.#bury(killed));
    const { number } = process;
    const opening = this.#open(process).then(
      (log) => ({ log }),
      (error: unknown) => ({ error }),
    );
    const late = new AbortController();
    const outcome = await Promise.race([opening, schedule.sleep(this, PATIENCE_MS, late.signal), process.died]);
    late.abort();
    if (outcome !== undefined && 'log' in outcome) {
      const { published, next } = outcome.log.status();
      story.tell(`process ${number} starts: ${published} entries are published, ${next} sequenced`);
      return Object.assign(process, outcome);
    }
    const error = outcome?.error ?? 'no answer';
    story.tell(`process ${number} does not start: ${String(error)}`);
    if (!process.alive) return undefined;
    const excused = outcome === undefined || (error instanceof LogError && error.code === 'storage-failed');
    if (!process.troubled || !excused) oracle.breach('P1', `the log does not open: ${String(error)}`, error);
    this.#bury(process);
    return undefined;
  }

  /** Kills a process. */
  kill(replica: Replica): void {
    if (replica instanceof Process) this.#bury(replica);
  }

  /** The whole log, re-derived from its bytes. */
  check(): Promise<CheckedLog> {
    return checkLog({
      origin: ORIGIN,
      verifier: logVerifier,
      objects: this.store.objects,
      checkpoints: this.store.checkpoints,
      tileHeight: this.#options.tileHeight,
    });
  }

  #bury(process: Process): void {
    process.die();
    this.#around.schedule.forget(process);
  }

  async #open(process: Process): Promise<Log> {
    const { schedule, oracle } = this.#around;
    const failed = (): void => {
      process.troubled = true;
    };
    const ports = this.#remote.open(process, () => this.mishaps, failed);
    const signer = logSigner((text) => oracle.signing(text, this.store.state.signed));
    const world = processWorld(schedule, process, process.number);
    return openLog({ origin: ORIGIN, signers: [signer], verifier: logVerifier, ...ports, ...world }, this.#options);
  }

  /** All tiles at the edge of a tree are there, and its last entries, as partials or in full tiles. */
  #isReadable(size: number): boolean {
    const { objects } = this.store.state;
    const shape = tileShape(this.#options.tileHeight);
    const isThere = (path: TilePath): boolean => objects.has(path) || objects.has(fullPath(path));
    const last = Math.ceil(size / shape.width) - 1;
    const bundle = bundlePath({ index: last, width: size - last * shape.width }, shape);
    return isThere(bundle) && tilesForSize(size, shape).every((tile) => isThere(tilePath(tile, shape)));
  }

  /** Lets the oracle see what changed. */
  #look(): void {
    const { oracle } = this.#around;
    const { checkpoint, objects, kept } = this.store.state;
    if (checkpoint !== undefined && checkpoint.note !== this.#shown) {
      this.#shown = checkpoint.note;
      oracle.showed(checkpoint.note);
    }
    for (const [size, note] of kept) {
      if (this.#seen.has(note)) continue;
      this.#seen.add(note);
      oracle.kept(size, note);
    }
    for (const [path, bytes] of objects) {
      if (this.#seen.has(bytes)) continue;
      this.#seen.add(bytes);
      oracle.served(path, bytes);
    }
  }
}
