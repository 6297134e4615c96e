import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LogVerifier, loadSignerFile } from '@tilewright/signer';
import { AnswerJudge } from '../crash/judge/answer-judge.ts';
import { DirectoryScan } from '../crash/judge/scan-directory.ts';
import { steadyPorts } from '../crash/life/steady-ports.ts';
import { oversizedLeaves } from '../crash/load/bad-requests.ts';
import { Load, type Pace } from '../crash/load/load.ts';
import { Tally } from '../crash/load/tally.ts';
import type { Traffic } from '../crash/load/traffic.ts';
import { Writers } from '../crash/load/writers.ts';
import { CheckpointReader } from '../crash/read/checkpoint-reader.ts';
import { readUntilEnd } from '../crash/read/readers.ts';
import { httpSource, type TileSource } from '../crash/read/tile-source.ts';
import { seededRandom } from '../crash/seeded-random.ts';
import { Pacer } from '../hammer/load/pacer.ts';
import { type LogPlace, ourServer } from '../server/commands.ts';
import { type ServerCommand, type ServerProcess, startAndKill, startServer } from '../server/server-process.ts';
import { withReporter } from '../soak/memory/measure.ts';
import type { ChaosPlan } from './chaos-plan.ts';
import { endWithParent } from './disk/private-namespace.ts';
import { ServerControls } from './inside/server-controls.ts';
import { losses } from './load/answers.ts';
import { PacedGrpcClient, PacedHttpClient, pacedSource } from './load/paced-clients.ts';
import { RememberingSupply } from './load/remembering-supply.ts';
import type { JournaledBook } from './state/journaled-book.ts';
import type { JournaledLedger } from './state/journaled-ledger.ts';

/** Longer than any recovery takes on a busy machine; more is a broken promise. */
export const RESTART_LIMIT_MS = 30_000;
const WATCH_MS = 250;
/** Little: an hour of chaos is no benchmark. */
const PACE: Pace = { badPauseMs: 60, breakers: 1, breakPauseMs: 80, breaksToTheEnd: true };

/** A server under load, for as long as some work takes. */
export interface Loaded {
  readonly server: ServerProcess;
  readonly traffic: Traffic;
  readonly load: Load;
  /** Tell clients that the server is about to be ended, and that it is gone. */
  readonly ending: () => void;
  readonly gone: () => void;
}

/** One log through the servers of a run: starts them, loads them, and keeps what all of them promised. */
export class ChaosLog {
  readonly ledger: JournaledLedger;
  readonly book: JournaledBook;
  readonly tally: Tally = new Tally();
  readonly controls: ServerControls;
  readonly checkpoints: CheckpointReader;
  readonly scan: DirectoryScan;
  readonly verifier: LogVerifier;
  readonly supply: RememberingSupply;
  readonly restartsMs: number[] = [];
  /** Servers that were started so far. */
  lives = 0;
  entries = 0;
  readonly #plan: ChaosPlan;
  readonly #place: LogPlace;
  readonly #load: Load;
  readonly #choose: () => number;

  private constructor(plan: ChaosPlan, place: LogPlace) {
    const { state, scratch } = plan;
    this.#plan = plan;
    this.#place = place;
    this.ledger = state.ledger;
    this.book = state.book;
    for (const leaf of oversizedLeaves()) this.book.refuse(leaf);
    this.verifier = loadSignerFile(state.keyPem, place.origin);
    this.checkpoints = new CheckpointReader(this.verifier, this.ledger);
    this.scan = new DirectoryScan(place.storageDir, this.ledger);
    this.controls = new ServerControls(join(scratch, 'control.json'));
    const writers = new Writers(new AnswerJudge(this.ledger, this.book, this.checkpoints, true));
    this.#load = new Load(writers, plan.writers, PACE);
    // Of its own: how much is sent varies, and the faults shall not.
    this.#choose = seededRandom(plan.seed + 1);
    this.supply = new RememberingSupply(this.#choose, new Date(), state.requests);
    for (const request of state.requests) writers.owe(request);
  }

  static async open(plan: ChaosPlan): Promise<ChaosLog> {
    const { disk, state } = plan;
    const ports = await steadyPorts();
    return new ChaosLog(plan, { ports, storageDir: disk.storageDir, keyFile: state.keyFile, origin: 'localhost' });
  }

  get storageDir(): string {
    return this.#place.storageDir;
  }

  get isBroken(): boolean {
    return this.ledger.violations.length > 0;
  }

  /** Nothing is found, and nobody wants an end. */
  get goesOn(): boolean {
    return !this.isBroken && !this.#plan.isStopped();
  }

  /** Where the server of this life reports its memory. */
  get memoryFile(): string {
    return join(this.#plan.scratch, `memory-${this.lives}.json`);
  }

  /** What the server serves. */
  source(): TileSource {
    return httpSource(this.#place.ports.http);
  }

  /** Starts a server; undefined, and a finding, when it is not ready in time. */
  async start(): Promise<ServerProcess | undefined> {
    this.lives += 1;
    const started = performance.now();
    try {
      const server = await startServer(this.#command(), RESTART_LIMIT_MS);
      this.restartsMs.push(Math.round(performance.now() - started));
      return server;
    } catch (error) {
      this.ledger.violate(`no restart: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  /** Starts a server and kills it before it is ready, or soon after. */
  async killWhileStarting(random: () => number): Promise<void> {
    await startAndKill(this.#command(), random() * 1.1 * (this.restartsMs.at(-1) ?? 1_000));
    this.tally.count('ends', 'killed while starting');
  }

  /** Has clients of all kinds use a server while `work` goes on, and waits until all of them have their answers. */
  async underLoad<T>(server: ServerProcess, work: (loaded: Loaded) => Promise<T>): Promise<T> {
    const { writers, writesPerSecond, readsPerSecond } = this.#plan;
    const { ports } = this.#place;
    const { ledger, tally, book, supply } = this;
    const [ending, gone] = [new AbortController(), new AbortController()];
    const phase = { ending: ending.signal, gone: gone.signal };
    const pacer = new Pacer(writesPerSecond, false, performance.now());
    const [http, grpc] = [new PacedHttpClient(ports.http, writers + 1, pacer), new PacedGrpcClient(ports.grpc, pacer)];
    const source = pacedSource(this.source(), new Pacer(readsPerSecond, false, performance.now()));
    const shared = { ledger, tally, random: this.#choose };
    const traffic: Traffic = { isOurs: true, ports, http, grpc, phase, supply, book, ...shared };
    const lost = losses(tally);
    const clients = Promise.allSettled([
      this.#load.run(traffic),
      readUntilEnd({ source, checkpoints: this.checkpoints, ...shared }, phase),
    ]);
    try {
      return await work({
        server,
        traffic,
        load: this.#load,
        ending: () => ending.abort(),
        gone: () => gone.abort(),
      });
    } finally {
      const isToStay = !ending.signal.aborted;
      ending.abort();
      gone.abort();
      for (const outcome of await clients) {
        if (outcome.status === 'rejected') ledger.violate(`clients failed: ${outcome.reason?.stack ?? outcome.reason}`);
      }
      http.close();
      grpc.destroy();
      source.close();
      const missing = losses(tally) - lost;
      if (isToStay && missing > 0)
        ledger.violate(`${missing} good requests got no answer from a server that stayed up`);
    }
  }

  /** Waits, unless somebody wants an end, something is found, or the server ends by itself, which it may not. */
  async pause(server: ServerProcess, ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (this.goesOn) {
      const left = until - performance.now();
      if (left <= 0) return;
      const ended = await Promise.race([sleep(Math.min(left, WATCH_MS)), server.ended]);
      this.#plan.progress(() => this.describe());
      if (typeof ended === 'string') this.ledger.violate(`the server ended by itself (${ended}):\n${server.output()}`);
    }
  }

  /** Numbers so far, in a line. */
  describe(): string {
    const { tally, ledger } = this;
    return (
      `${ledger.counts().acknowledged} indexes answered, ${tally.total('answers')} answers, ` +
      `${tally.total('duplicates')} duplicates, ${tally.total('bad requests')} bad requests, ` +
      `${tally.total('reads')} reads, ${tally.total('ends')} kills, ${ledger.violations.length} findings`
    );
  }

  #command(): ServerCommand {
    const command = withReporter(this.controls.within(ourServer(this.#place)), this.memoryFile);
    return { ...command, argv: endWithParent(command.argv) };
  }
}
