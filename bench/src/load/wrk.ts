import { fileURLToPath } from 'node:url';
import { runCommand } from '../server/run-command.ts';

/** One wrk run: every connection sends one request after another and waits for each answer. */
export interface WrkRun {
  /** HTTP port of the server on loopback. */
  readonly port: number;
  /** Connections, each with at most one request under way. */
  readonly writers: number;
  readonly seconds: number;
  /** File of request bodies, one a line. */
  readonly requests: string;
  /** Lines that earlier runs on this log used. */
  readonly skip: number;
}

/** What wrk counted. Latencies are milliseconds: over all answers, but over 201 answers alone for one writer. */
export interface WrkResult {
  readonly seconds: number;
  /** From the first request to the last answer: where answers come in waves, the wave that did not come is not counted. */
  readonly activeSeconds: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Lines of the request file used so far, those skipped included. */
  readonly used: number;
  /** Requests that had to be replaced because the file ran out: a run with any is not valid. */
  readonly exhausted: number;
  readonly connectErrors: number;
  readonly readErrors: number;
  readonly writeErrors: number;
  /** Answers later than 30 s. */
  readonly timeouts: number;
  /** Answers by HTTP status. */
  readonly statuses: Readonly<Record<string, number>>;
}

const SCRIPT = fileURLToPath(new URL('../../wrk/entries.lua', import.meta.url));

/** Runs wrk with one thread. Throws with Debian's package name when wrk is missing. */
export async function runWrk(run: WrkRun): Promise<WrkResult> {
  const args = ['-t1', `-c${run.writers}`, `-d${run.seconds}s`, '--timeout', '30s', '-s', SCRIPT];
  const mode = run.writers === 1 ? 'lone' : 'many';
  const target = [`http://127.0.0.1:${run.port}/`, '--', run.requests, String(run.skip), mode];
  const output = await wrkOutput(['wrk', ...args, ...target]);
  const line = output.split('\n').find((text) => text.startsWith('RESULT '));
  if (line === undefined) throw new Error(`wrk reported no result:\n${output.slice(-2_000)}`);
  return JSON.parse(line.slice('RESULT '.length)) as WrkResult;
}

/** Answers other than 201 by status, connection errors and time-outs; none that is 0. */
export function failureKinds(result: WrkResult): Record<string, number> {
  const { connectErrors, readErrors, writeErrors, timeouts } = result;
  const other = { 'connect errors': connectErrors, 'read errors': readErrors, 'write errors': writeErrors, timeouts };
  const kinds = Object.entries({ ...result.statuses, ...other }).filter(([kind, count]) => kind !== '201' && count > 0);
  return Object.fromEntries(kinds);
}

async function wrkOutput(argv: readonly [string, ...string[]]): Promise<string> {
  const { code, output } = await runCommand(argv).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' ? new Error('wrk is missing. On Debian: apt-get install wrk', { cause }) : cause;
  });
  if (code !== 0) throw new Error(`wrk ended with exit ${code}:\n${output.slice(-2_000)}`);
  return output;
}
