import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { ServerCommand, ServerProcess } from '../../server/server-process.ts';
import type { MemoryReport } from './memory-reporter.ts';

/** What a server holds at one moment; bytes. */
export interface Sample {
  /** JavaScript heap of the main thread and of all workers together, after a forced collection. */
  readonly heap: number;
  readonly workerHeap: number;
  /** Memory of buffers and native objects that the main thread's heap refers to. */
  readonly external: number;
  /** Resident set of the whole process, now and at its highest. */
  readonly resident: number;
  readonly peakResident: number;
  /** Open descriptors by what they are: `socket`, `pipe`, a file's name, ... */
  readonly descriptors: Descriptors;
}

/** What the server held after a round. */
export interface RoundSample extends Sample {
  readonly round: number;
}

/** Numbers of open descriptors by kind. */
export type Descriptors = Readonly<Record<string, number>>;

/** The kind of the log's write-ahead segments: the one that is written, and, when that is half full, the next one. */
export const WAL_SEGMENT = 'write-ahead segment';

const REPORT_WITHIN_MS = 15_000;
/** Refused bodies are read and dropped for up to two seconds. */
const SETTLE_WITHIN_MS = 5_000;

/** The command with the reporter loaded into it, which will write to `file`. */
export function withReporter(command: ServerCommand, file: string): ServerCommand {
  const reporter = new URL(
    `./memory-reporter.ts?report=${encodeURIComponent(file)}`,
    pathToFileURL(import.meta.filename),
  );
  const [node, ...args] = command.argv;
  return { ...command, argv: [node, '--expose-gc', '--import', reporter.href, ...args] };
}

/** Number of descriptors of all kinds. */
export function descriptorCount(descriptors: Descriptors): number {
  return Object.values(descriptors).reduce((sum, count) => sum + count, 0);
}

/** Asks a server that was started {@link withReporter} for its memory, and /proc for the rest. */
export class Meter {
  readonly #server: ServerProcess;
  readonly #file: string;
  #reports = 0;

  constructor(server: ServerProcess, file: string) {
    this.#server = server;
    this.#file = file;
  }

  /** Waits until the server has no more than so many sockets open, for a few seconds at most. */
  async settle(sockets: number): Promise<void> {
    const until = performance.now() + SETTLE_WITHIN_MS;
    while ((await this.sockets()) > sockets && performance.now() < until) await sleep(50);
  }

  /** Sockets that the server has open, those that it listens on included. */
  async sockets(): Promise<number> {
    return (await openDescriptors(this.#server.pid)).socket ?? 0;
  }

  /** Throws when the server does not report in time. */
  async sample(): Promise<Sample> {
    const report = await this.#report();
    const status = await readFile(`/proc/${this.#server.pid}/status`, 'utf8');
    const bytes = (field: string): number =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
    return {
      heap: report.heapUsed,
      workerHeap: report.workers.reduce((sum, { heapUsed }) => sum + heapUsed, 0),
      external: report.external,
      resident: bytes('VmRSS'),
      peakResident: bytes('VmHWM'),
      descriptors: await openDescriptors(this.#server.pid),
    };
  }

  async #report(): Promise<MemoryReport> {
    this.#reports += 1;
    process.kill(this.#server.pid, 'SIGUSR2');
    const until = performance.now() + REPORT_WITHIN_MS;
    while (performance.now() < until) {
      const report = await readFile(this.#file, 'utf8').then(
        (text): MemoryReport => JSON.parse(text),
        () => undefined,
      );
      if (report !== undefined && report.number >= this.#reports) return report;
      await sleep(10);
    }
    throw new Error(`the server did not report its memory within ${REPORT_WITHIN_MS} ms:\n${this.#server.output()}`);
  }
}

/** Counts the descriptors of a process by kind: the name of a file, what another one is. */
export async function openDescriptors(pid: number): Promise<Descriptors> {
  const counts: Record<string, number> = {};
  for (const name of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${name}`).catch(() => undefined);
    if (target === undefined) continue;
    const kind = kindOf(target);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function kindOf(target: string): string {
  if (!target.startsWith('/')) return target.replace(/:.*$/, '');
  return /\/wal\/[^/]+$/.test(target) ? WAL_SEGMENT : basename(target);
}
