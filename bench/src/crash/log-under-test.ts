import { type LogVerifier, loadSignerFile } from '@tilewright/signer';
import type { LogPlace } from '../server/commands.ts';
import { runCommand } from '../server/run-command.ts';
import { type ServerProcess, startAndKill, startServer } from '../server/server-process.ts';
import { GrpcClient } from '../soak/clients/grpc-client.ts';
import { HttpClient } from '../soak/clients/http-client.ts';
import type { CrashPlan } from './crash-plan.ts';
import { AnswerJudge } from './judge/answer-judge.ts';
import { EntryBook } from './judge/entry-book.ts';
import { Ledger } from './judge/ledger.ts';
import { DirectoryScan } from './judge/scan-directory.ts';
import { checkState } from './judge/state-directory.ts';
import { endServer, stayUp } from './life/ending.ts';
import { steadyPorts } from './life/steady-ports.ts';
import { oversizedLeaves } from './load/bad-requests.ts';
import { Load, type Pace } from './load/load.ts';
import { RequestSupply } from './load/request-supply.ts';
import { Tally } from './load/tally.ts';
import { Writers } from './load/writers.ts';
import { CheckpointReader } from './read/checkpoint-reader.ts';
import { readUntilEnd } from './read/readers.ts';
import { replayLog } from './read/replay-log.ts';
import { seededRandom } from './seeded-random.ts';

/** As fast as one machine does it beside the server. */
const PACE: Pace = { badPauseMs: 3, breakers: 2, breakPauseMs: 8, breaksToTheEnd: false };

/** Longer than any recovery takes on a busy machine; more is a broken promise. */
const RESTART_LIMIT_MS = 30_000;
const QUIET_RESTART_MS = 1_000;
/** Requests that are made while nobody is there to take them. */
const STOCK = 300;

/** One log through all its servers' lives: what it was asked, and everything that it ever promised. */
export class LogUnderTest {
  readonly ledger: Ledger = new Ledger();
  readonly tally: Tally = new Tally();
  readonly book: EntryBook;
  readonly place: LogPlace;
  readonly restartsMs: number[] = [];
  entries = 0;
  stateBytes = 0;
  readonly #plan: CrashPlan;
  readonly #log: LogVerifier;
  readonly #checkpoints: CheckpointReader;
  readonly #scan: DirectoryScan;
  readonly #load: Load;
  readonly #choose: () => number;
  readonly #supply: RequestSupply;

  constructor(plan: CrashPlan, place: LogPlace) {
    this.#plan = plan;
    this.place = place;
    this.#log = loadSignerFile(plan.workspace.keyPem, place.origin);
    this.book = new EntryBook(plan.isOurs);
    for (const leaf of oversizedLeaves()) this.book.refuse(leaf);
    this.#checkpoints = new CheckpointReader(this.#log, this.ledger);
    this.#scan = new DirectoryScan(place.storageDir, this.ledger);
    this.#load = new Load(
      new Writers(new AnswerJudge(this.ledger, this.book, this.#checkpoints, plan.isOurs)),
      plan.writers,
      PACE,
    );
    // Of its own: how much is sent varies, and the times of the kills shall not.
    this.#choose = seededRandom(Math.floor(plan.random() * 2 ** 32));
    this.#supply = new RequestSupply(this.#choose, new Date());
  }

  /** Starts a server and kills it before it is ready, or soon after. */
  async killWhileStarting(): Promise<void> {
    const usual = this.restartsMs.at(-1) ?? 1_000;
    await startAndKill(this.#plan.server(this.place), this.#plan.random() * 1.1 * usual);
    this.tally.count('ends', 'killed while starting');
    await this.#scan.run();
  }

  /** Starts a server; undefined, and a broken promise, when it does not come up in time. */
  async start(): Promise<ServerProcess | undefined> {
    const started = performance.now();
    try {
      const starting = startServer(this.#plan.server(this.place), RESTART_LIMIT_MS);
      this.#supply.stock(STOCK);
      const server = await starting;
      this.restartsMs.push(performance.now() - started);
      return server;
    } catch (error) {
      this.ledger.violate(`no restart: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  /** How much longer everything takes than on a quiet machine, by the last restart: 1 to 4. */
  get slowness(): number {
    return Math.min(Math.max((this.restartsMs.at(-1) ?? 0) / QUIET_RESTART_MS, 1), 4);
  }

  /** Compares what a server that is up serves with all that was ever promised; `again` from the first entry on. */
  async verify(server: ServerProcess, again = false): Promise<void> {
    const source = this.#plan.source(this.place);
    try {
      if (again) this.ledger.replayFromStart();
      this.entries = await replayLog(source, this.#checkpoints, this.ledger, this.book);
      if (!this.#plan.isOurs) return;
      this.stateBytes = Math.max(this.stateBytes, await checkState(this.place.storageDir, server.pid, this.ledger));
    } catch (error) {
      this.ledger.violate(`the log cannot be read: ${error instanceof Error ? error.message : error}`);
    } finally {
      source.close();
    }
  }

  /** Loads a server for so long, and ends it. */
  async loadAndEnd(server: ServerProcess, ms: number): Promise<void> {
    const { writers, isOurs } = this.#plan;
    const { ports } = this.place;
    const [ending, gone] = [new AbortController(), new AbortController()];
    const phase = { ending: ending.signal, gone: gone.signal };
    const [http, grpc] = [new HttpClient(ports.http, writers + 1), new GrpcClient(ports.grpc)];
    const source = this.#plan.source(this.place);
    const shared = { ledger: this.ledger, tally: this.tally, random: this.#choose };
    const work = Promise.allSettled([
      this.#load.run({ isOurs, ports, http, grpc, phase, supply: this.#supply, book: this.book, ...shared }),
      readUntilEnd({ source, checkpoints: this.#checkpoints, ...shared }, phase),
    ]);
    await stayUp(server, ms, this.ledger);
    const on = { ending: () => ending.abort(), gone: () => gone.abort() };
    this.tally.count('ends', await endServer(server, this.#plan.random, on, this.ledger));
    const failed = (await work).find((outcome) => outcome.status === 'rejected');
    http.close();
    grpc.destroy();
    source.close();
    if (failed !== undefined) throw failed.reason;
    await this.#scan.run();
  }

  /** A second server on the same directory must be refused while the first one runs. */
  async intrude(): Promise<void> {
    const intruder = this.#plan.server({ ...this.place, ports: await steadyPorts() });
    const { code, output } = await runCommand(intruder.argv);
    this.tally.count('checks', 'second processes refused');
    if (code !== 2 || !output.includes('another process holds this log')) {
      this.ledger.violate(`a second process on the same log ended with exit ${code}:\n${output}`);
    }
  }

  /** Has the whole log checked by a process of its own. */
  async fsck(): Promise<void> {
    const command = this.#plan.fsck?.(this.place, this.#log);
    if (command === undefined) return;
    const { code, output } = await runCommand(command);
    this.tally.count('checks', 'whole logs by log fsck');
    if (code !== 0) this.ledger.violate(`log fsck ended with exit ${code}:\n${output}`);
  }

  /** Stops a server in peace, and looks at every file again. */
  async finish(server: ServerProcess): Promise<void> {
    const how = await server.stop();
    if (how !== 'exit 0') this.ledger.violate(`the last server ended with ${how}:\n${server.output()}`);
    await this.#scan.run(true);
    await this.fsck();
  }
}
