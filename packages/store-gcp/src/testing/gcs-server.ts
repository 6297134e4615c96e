import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Why there is no {@link GcsServer}, as a sentence. */
export const NO_GCS_SERVER = 'fake-gcs-server is not there: run tools/install --only fake-gcs-server';

const NAME = 'fake-gcs-server';
const TOOLS = fileURLToPath(new URL('../../../../.tools/bin', import.meta.url));
const START_MS = 20_000;
const STOP_MS = 5_000;

/** How to start a {@link GcsServer}. */
export interface GcsServerOptions {
  /** A folder that keeps the objects, made where it is missing; without one they are kept in memory. */
  readonly directory?: string | undefined;
  /** The port to listen on, on loopback; a free one unless given. */
  readonly port?: number | undefined;
}

/** A running fake-gcs-server: the JSON API of Google Cloud Storage, on loopback, without credentials. */
export interface GcsServer {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly endpoint: string;
  readonly pid: number;
  /** Makes a bucket by a new name, or one called `name` unless it is there already, and returns its name. */
  makeBucket(name?: string): Promise<string>;
  /** Where anybody reads the objects of a bucket, without a slash at the end. */
  publicUrl(bucket: string): string;
  /** Ends the process, and waits until it is gone. */
  stop(): Promise<void>;
}

/** The path of the program: where `tools/install` puts it, else on PATH; `undefined` when it is nowhere. */
export function findGcsServer(): string | undefined {
  const folders = [TOOLS, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, NAME)).find((path) => existsSync(path));
}

/** Whether tests that need the server are to be skipped: it is missing, and TILEWRIGHT_REQUIRE_ALL=1 does not ask for it. */
export function skipsWithoutGcsServer(): boolean {
  return findGcsServer() === undefined && process.env.TILEWRIGHT_REQUIRE_ALL !== '1';
}

/** Starts one of one's own. Throws {@link NO_GCS_SERVER} when the program is missing. */
export async function startGcsServer(options: GcsServerOptions = {}): Promise<GcsServer> {
  const program = findGcsServer();
  if (program === undefined) throw new Error(NO_GCS_SERVER);
  // Between the search for a free port and its use somebody else may take it.
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    try {
      return await startOn(program, port, options);
    } catch (error) {
      if (options.port !== undefined || attempt === 5) throw error;
    }
  }
}

async function startOn(program: string, port: number, { directory }: GcsServerOptions): Promise<GcsServer> {
  const host = `127.0.0.1:${port}`;
  // Tells whether it is this very process that answers on the port.
  const mark = `MARK-${process.pid}-${port}-${performance.now()}`;
  const storage = directory === undefined ? ['memory'] : ['filesystem', '-filesystem-root', directory];
  const flags = ['-scheme', 'http', '-host', '127.0.0.1', '-port', `${port}`, '-public-host', host, '-location', mark];
  const child = spawn(program, [...flags, '-log-level', 'error', '-data', '', '-backend', ...storage], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const server = new Server(child, `http://${host}`, mark);
  try {
    await server.ready();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class Server implements GcsServer {
  readonly endpoint: string;
  readonly #child: ChildProcess;
  readonly #mark: string;
  readonly #gone: Promise<void>;
  readonly #onExit = (): void => void this.#child.kill('SIGKILL');
  #said = '';

  constructor(child: ChildProcess, endpoint: string, mark: string) {
    this.#child = child;
    this.endpoint = endpoint;
    this.#mark = mark;
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', (error) => {
        this.#said += error.message;
        resolve();
      });
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = `${this.#said}${chunk.toString()}`.slice(-2_000);
    });
    process.once('exit', this.#onExit);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  async ready(): Promise<void> {
    const end = performance.now() + START_MS;
    for (;;) {
      if (this.#child.pid === undefined || this.#child.exitCode !== null) {
        await this.#gone;
        throw new Error(`${NAME} did not start: ${this.#said.trim()}`);
      }
      const answer = await fetch(`${this.endpoint}/_internal/healthcheck`).catch(() => undefined);
      if (answer?.ok === true) break;
      if (performance.now() > end)
        throw new Error(`${NAME} did not answer within ${START_MS} ms: ${this.#said.trim()}`);
      await later(20);
    }
    await this.makeBucket();
  }

  async makeBucket(given?: string): Promise<string> {
    const name = given ?? `tilewright-${randomUUID()}`;
    const answer = await fetch(`${this.endpoint}/storage/v1/b?project=tilewright`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    const text = await answer.text();
    if (answer.status === 409 && given !== undefined) return name;
    if (!answer.ok) throw new Error(`${NAME} made no bucket: ${answer.status} ${text.slice(0, 200)}`);
    if (!text.includes(this.#mark)) throw new Error(`another server answers at ${this.endpoint}`);
    return name;
  }

  publicUrl(bucket: string): string {
    return `${this.endpoint}/${bucket}`;
  }

  async stop(): Promise<void> {
    process.removeListener('exit', this.#onExit);
    if (this.#child.pid === undefined) return;
    const patience = new AbortController();
    this.#child.kill('SIGTERM');
    const late = later(STOP_MS, undefined, { signal: patience.signal }).then(
      () => void this.#child.kill('SIGKILL'),
      () => {},
    );
    await this.#gone;
    patience.abort();
    await late;
  }
}

/** A port of loopback that nobody listens on. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}
