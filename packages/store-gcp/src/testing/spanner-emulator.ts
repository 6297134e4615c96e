import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SpannerPlace } from '../place/spanner-path.ts';

/** What is said where there is no emulator. */
export const NO_SPANNER_EMULATOR: string =
  'the Spanner emulator is not there: install google-cloud-cli-spanner-emulator, or name its emulator_main in TILEWRIGHT_SPANNER_EMULATOR';

const STARTS_MS = 20_000;
const ENDS_MS = 3_000;
const ATTEMPTS = 5;
/** An instance holds a hundred. */
const DATABASES = 100;

/** A Spanner emulator that this process started. It keeps everything in memory. */
export interface SpannerEmulator {
  /** host:port. */
  readonly host: string;
  readonly pid: number;
  /** A database that does not exist yet; each call names another one. */
  place(tablePrefix?: string): SpannerPlace;
  /** Ends it, and resolves when it is gone. */
  stop(): Promise<void>;
}

/** The emulator's executable: `TILEWRIGHT_SPANNER_EMULATOR`, or the one beside `gcloud`; undefined where there is none. */
export function findSpannerEmulator(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.TILEWRIGHT_SPANNER_EMULATOR;
  if (named) return isExecutable(named) ? named : undefined;
  for (const directory of (env.PATH ?? '').split(delimiter)) {
    const gcloud = join(directory, 'gcloud');
    if (!isExecutable(gcloud)) continue;
    const path = join(dirname(realpathSync(gcloud)), '..', 'bin', 'cloud_spanner_emulator', 'emulator_main');
    if (isExecutable(path)) return path;
  }
  return undefined;
}

/** Whether tests that need the emulator are to be skipped: it is missing, and TILEWRIGHT_REQUIRE_ALL=1 does not ask for it. */
export function skipsWithoutSpannerEmulator(): boolean {
  return findSpannerEmulator() === undefined && process.env.TILEWRIGHT_REQUIRE_ALL !== '1';
}

/** How to start a {@link SpannerEmulator}. */
export interface SpannerEmulatorOptions {
  /** The port to listen on, on loopback; a free one unless given. */
  readonly port?: number | undefined;
}

/** Starts one of one's own. Throws {@link NO_SPANNER_EMULATOR} when the program is missing. */
export async function startSpannerEmulator({ port }: SpannerEmulatorOptions = {}): Promise<SpannerEmulator> {
  const path = findSpannerEmulator();
  if (path === undefined) throw new Error(NO_SPANNER_EMULATOR);
  for (let attempt = 1; ; attempt++) {
    const host = `127.0.0.1:${port ?? (await freePort())}`;
    const child = spawn(path, [`--host_port=${host}`], { stdio: 'ignore' });
    try {
      await listening(child, host);
      return running(child, host);
    } catch (error) {
      await end(child);
      // Somebody else took the port that was free a moment ago.
      if (port !== undefined || attempt >= ATTEMPTS) throw error;
    }
  }
}

function running(child: ChildProcess, host: string): SpannerEmulator {
  // A test that forgets it must not leave it behind.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let databases = -1;
  return {
    host,
    pid: child.pid ?? 0,
    place: (tablePrefix = '') => {
      databases += 1;
      const instance = `tests-${Math.floor(databases / DATABASES)}`;
      return { project: 'tilewright', instance, database: `log-${databases}`, tablePrefix, emulator: host };
    },
    stop: async () => {
      process.off('exit', kill);
      await end(child);
    },
  };
}

async function listening(child: ChildProcess, host: string): Promise<void> {
  const patience = performance.now() + STARTS_MS;
  const failed = Promise.withResolvers<never>();
  child.once('error', failed.reject);
  child.once('exit', (code) => failed.reject(new Error(`the Spanner emulator ended with status ${code}`)));
  failed.promise.catch(() => undefined);
  while (!(await Promise.race([isListening(host), failed.promise]))) {
    if (performance.now() > patience) throw new Error('the Spanner emulator does not listen');
    await pause(20);
  }
  // Whoever listens there is the child: it ends when the port is taken.
  await Promise.race([pause(20), failed.promise]);
}

function isListening(host: string): Promise<boolean> {
  const [name = '', port] = host.split(':');
  return new Promise((resolve) => {
    const socket = connect(Number(port), name);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = new AbortController();
  await Promise.race([gone, pause(ENDS_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  child.kill('SIGKILL');
  await gone;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
