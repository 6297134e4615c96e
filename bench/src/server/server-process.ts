import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { onExit } from '../cli/exit-cleanup.ts';

/** How to start one server. */
export interface ServerCommand {
  /** Short name for messages: `ours` or `reference`. */
  readonly name: string;
  /** Executable and its arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly ports: ServerPorts;
  /** Path whose 200 says that the server is ready. */
  readonly readyPath: string;
  /** What its environment has besides this process's. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The three listeners of a Rekor v2 server. */
export interface ServerPorts {
  readonly http: number;
  readonly grpc: number;
  readonly metrics: number;
}

/** A running server: a child process that this package started and alone may end. */
export interface ServerProcess {
  readonly command: ServerCommand;
  readonly pid: number;
  /** Last lines that the server wrote to stdout and stderr, newest last. */
  output(): string;
  /** Exit code or signal, once it ended. */
  readonly ended: Promise<string>;
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<void>;
  /** Sends SIGTERM, waits at most `graceMs`, then kills; returns how it ended. */
  stop(graceMs?: number): Promise<string>;
}

const OUTPUT_LIMIT = 64 * 1024;

/** Starts a server and waits until it is ready. Throws with the server's own words when it ends or is late (30 s). */
export async function startServer(command: ServerCommand, readyWithinMs = 30_000): Promise<ServerProcess> {
  const server = superviseChild(command, spawnServer(command));
  const deadline = performance.now() + readyWithinMs;
  let ended: string | undefined;
  void server.ended.then((how) => {
    ended = how;
  });
  for (;;) {
    if (ended !== undefined) throw new Error(`${command.name} ended while starting (${ended}):\n${server.output()}`);
    if (await answersReady(command)) return server;
    if (performance.now() > deadline) {
      await server.kill();
      throw new Error(`${command.name} was not ready within ${readyWithinMs} ms:\n${server.output()}`);
    }
    await sleep(20);
  }
}

/** Starts a server and sends SIGKILL after `ms`, ready or not. */
export async function startAndKill(command: ServerCommand, ms: number): Promise<void> {
  const server = superviseChild(command, spawnServer(command));
  await Promise.race([sleep(ms), server.ended]);
  await server.kill();
}

function spawnServer({ argv, environment }: ServerCommand): ChildProcess {
  const [file, ...args] = argv;
  return spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
}

function superviseChild(command: ServerCommand, child: ChildProcess): ServerProcess {
  let output = '';
  const keep = (data: Buffer): void => {
    output = (output + data.toString('utf8')).slice(-OUTPUT_LIMIT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const forget = onExit(() => child.kill('SIGKILL'));
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit ${code}`));
  }).finally(forget);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    command,
    pid: child.pid ?? -1,
    output: () => output,
    ended,
    kill,
    stop: async (graceMs = 40_000) => {
      child.kill('SIGTERM');
      const how = await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
      if (how !== undefined) return how;
      await kill();
      return `killed after ${graceMs} ms`;
    },
  };
}

async function answersReady(command: ServerCommand): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${command.ports.http}${command.readyPath}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(1_000),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
