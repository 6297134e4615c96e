import { type ServerCommand, type ServerProcess, startAndKill, startServer } from '../../server/server-process.ts';
import { GrpcClient } from '../../soak/clients/grpc-client.ts';
import { HttpClient } from '../../soak/clients/http-client.ts';
import type { Ledger } from '../judge/ledger.ts';
import { endServer } from '../life/ending.ts';
import type { Load } from '../load/load.ts';
import type { Traffic } from '../load/traffic.ts';

const RESTART_LIMIT_MS = 60_000;
/** A shutdown may take as long as `--tlog-timeout` says by default. */
const SHUTDOWN_LIMIT_MS = 30_000;
/** Chance that a server is killed while it starts, too. */
const KILLED_WHILE_STARTING = 0.15;

/** What all replicas have in common: the log, and those who send to it and judge it. */
export interface Shared extends Pick<Traffic, 'supply' | 'book' | 'ledger' | 'tally' | 'random'> {
  readonly load: Load;
  readonly writers: number;
}

/** One life of a server: until it is killed. */
interface Life {
  readonly server: ServerProcess;
  readonly ending: AbortController;
  readonly gone: AbortController;
  /** Resolves when no client works on it any more. */
  readonly work: Promise<void>;
}

/** One of several servers of a log, through all its lives. */
export class Replica {
  readonly restartsMs: number[] = [];
  readonly shutdownsMs: number[] = [];
  readonly #command: ServerCommand;
  readonly #shared: Shared;
  #life: Life | undefined;

  constructor(command: ServerCommand, shared: Shared) {
    this.#command = command;
    this.#shared = shared;
  }

  get isUp(): boolean {
    return this.#life !== undefined;
  }

  /** Starts the server, sometimes at the second attempt only, and clients that load it. */
  async start(): Promise<void> {
    const { random, tally, ledger } = this.#shared;
    while (random() < KILLED_WHILE_STARTING) {
      await startAndKill(this.#command, random() * 1.1 * (this.restartsMs.at(-1) ?? 1_500));
      tally.count('ends', 'killed while starting');
    }
    const started = performance.now();
    try {
      const server = await startServer(this.#command, RESTART_LIMIT_MS);
      this.restartsMs.push(performance.now() - started);
      this.#life = this.#begin(server);
    } catch (error) {
      ledger.violate(`no restart: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Kills it: under load, or while it shuts down. */
  async crash(): Promise<void> {
    const { random, ledger, tally } = this.#shared;
    const life = this.#take();
    if (life === undefined) return;
    const on = { ending: () => life.ending.abort(), gone: () => life.gone.abort() };
    tally.count('ends', await endServer(life.server, random, on, ledger));
    await life.work;
  }

  /** Stops it in peace, under load: within its bound, and with 0. */
  async stop(): Promise<void> {
    const life = this.#take();
    if (life === undefined) return;
    life.ending.abort();
    const started = performance.now();
    const how = await life.server.stop(SHUTDOWN_LIMIT_MS);
    this.shutdownsMs.push(performance.now() - started);
    life.gone.abort();
    await life.work;
    this.#shared.tally.count('ends', `SIGTERM under load: ${how}`);
    if (how !== 'exit 0') this.#shared.ledger.violate(`SIGTERM ended a server with ${how}:\n${life.server.output()}`);
  }

  /** Kills it without a word, whatever it does. */
  async kill(): Promise<void> {
    const life = this.#take();
    if (life === undefined) return;
    life.ending.abort();
    life.gone.abort();
    await life.server.kill();
    await life.work.catch(() => undefined);
  }

  #take(): Life | undefined {
    const life = this.#life;
    this.#life = undefined;
    return life;
  }

  #begin(server: ServerProcess): Life {
    const { load, writers, ledger } = this.#shared;
    const { ports } = this.#command;
    const [ending, gone] = [new AbortController(), new AbortController()];
    const [http, grpc] = [new HttpClient(ports.http, writers + 1), new GrpcClient(ports.grpc)];
    const phase = { ending: ending.signal, gone: gone.signal };
    const work = load.run({ ...this.#shared, isOurs: true, ports, http, grpc, phase }).finally(() => {
      http.close();
      grpc.destroy();
    });
    work.catch(() => undefined);
    void server.ended.then((how) => fellByItself(how, ending.signal, server, ledger));
    return { server, ending, gone, work };
  }
}

function fellByItself(how: string, ending: AbortSignal, server: ServerProcess, ledger: Ledger): void {
  if (!ending.aborted) ledger.violate(`a server ended by itself (${how}):\n${server.output()}`);
}
