import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onExit } from '../../cli/exit-cleanup.ts';
import { REPOSITORY } from '../../server/commands.ts';

/** Where tools/install puts Tessera's load generator. */
export const HAMMER_BINARY: string = join(REPOSITORY, '.tools', 'bin', 'tessera-hammer');

/** How to load. */
export interface HammerLoad {
  readonly port: number;
  readonly vkey: string;
  readonly writers: number;
  /** Bytes of the smallest leaf; leaves are a few bytes longer. */
  readonly leafBytes: number;
  /** It ends by itself after so many, should nobody end it. */
  readonly maxSeconds: number;
}

/** A hammer at work. */
export interface RunningHammer {
  readonly pid: number;
  /** What it said, when it ended by itself; undefined while it runs. */
  failure(): string | undefined;
  /** Ends it; returns what it complained of meanwhile. */
  stop(): Promise<HammerComplaints>;
}

/** What hammer wrote about answers that it did not like. */
export interface HammerComplaints {
  readonly pushedBack: number;
  /** Other errors, by the words for them. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Writes a second that it may make: more than any log here takes, so that writers are the only bound. */
const MAX_WRITES = 40_000;
const OUTPUT_LIMIT = 1024 * 1024;

/** Starts Tessera's hammer: writers alone, no leaf twice. */
export function startHammer({ port, vkey, writers, leafBytes, maxSeconds }: HammerLoad): RunningHammer {
  const child = spawn(
    HAMMER_BINARY,
    [
      `--log_public_key=${vkey}`,
      `--log_url=http://127.0.0.1:${port}`,
      '--max_read_ops=0',
      '--num_readers_random=0',
      '--num_readers_full=0',
      `--num_writers=${writers}`,
      `--max_write_ops=${MAX_WRITES}`,
      `--leaf_min_size=${leafBytes}`,
      '--dup_chance=0',
      `--max_runtime=${maxSeconds}s`,
      '--show_ui=false',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  let ended: string | undefined;
  child.stderr.on('data', (data: Buffer) => {
    output = (output + data.toString('utf8')).slice(-OUTPUT_LIMIT);
  });
  const forget = onExit(() => child.kill('SIGKILL'));
  const end = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ended = error.message;
      resolve();
    });
    child.once('close', (code, signal) => {
      ended ??= `${signal ?? `exit ${code}`}: ${output.slice(-1_000)}`;
      resolve();
    });
  }).finally(forget);
  return {
    pid: child.pid ?? -1,
    failure: () => ended,
    stop: async () => {
      child.kill('SIGKILL');
      await end;
      return readComplaints(output);
    },
  };
}

/** Adds up the lines of hammer's log: `7 requests received pushback from log`, `(3 x) failed to write leaf: …`. */
export function readComplaints(output: string): HammerComplaints {
  let pushedBack = 0;
  const errors: Record<string, number> = {};
  for (const line of output.split('\n')) {
    const pushback = /\] (\d+) requests received pushback/.exec(line)?.[1];
    if (pushback !== undefined) pushedBack += Number(pushback);
    const [, count, words] = /\] \((\d+) x\) (.*)$/.exec(line) ?? [];
    if (count === undefined || words === undefined) continue;
    const kind = kindOf(words);
    errors[kind] = (errors[kind] ?? 0) + Number(count);
  }
  return { pushedBack, errors };
}

/** Ports and indexes differ from line to line. */
function kindOf(words: string): string {
  return words
    .replaceAll(/\d{3,}/g, 'N')
    .slice(0, 80)
    .trim();
}
