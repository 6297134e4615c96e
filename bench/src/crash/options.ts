import { parseArgs } from 'node:util';

export const HELP: string = `usage: npm run crash -- [options]

Kills Tilewright with SIGKILL over and over, under load, while it starts and recovers, and while it shuts down, and starts
it again on the same log. The load is mixed, over HTTP and gRPC: new entries under several kinds of keys, duplicates of
published, of in-flight and of lost entries, bad requests, clients that break off, and readers.

After every restart: every answered entry at its index, no entry twice, none that was refused or that nobody sent; the
checkpoint never goes back, and each one ever seen is consistent with the log; no path below tile/ ever has two contents,
or goes; the lock is free as soon as its holder is dead, and nothing piles up. At the end all of it again from the first
entry, and log fsck. A log that breaks a promise is kept.

  --cycles N         cycles of start, load and end (default 50; without bound when --minutes is given alone)
  --rounds N         the same
  --minutes N        begin no cycle after so many minutes
  --writers N        good submissions under way (default 64; 32 at each replica)
  --fsck-every N     log fsck after every so many cycles, beside the end (default 10)
  --seed N           makes the times of the kills repeatable
  --json FILE        write the summary to FILE, too
  --reference PATH   crash rekor-server-posix instead: shows what the loop itself can see (no fsck)
  --replicas N       crash N servers of one log in a bucket and a database on this machine (Spanner's emulator and
                     fake-gcs-server: see npm run dev-services), a random one every few seconds, with writers at each,
                     for 5 minutes unless --minutes says otherwise. Readers look at the bucket alone: the checkpoint never
                     goes back, each one continues the one before, no object is ever written twice. At the end SIGTERM
                     under load, every answered entry at its index, and log fsck
  --help

Exit status: 0 nothing broken; 1 a promise was broken; 2 usage.
`;

/** What the command was asked to do. */
export interface CrashOptions {
  readonly help: boolean;
  readonly cycles: number;
  readonly minutes: number;
  readonly writers: number;
  readonly fsckEvery: number;
  readonly seed: number;
  readonly json: string | undefined;
  readonly reference: string | undefined;
  /** Servers of one log that are crashed side by side; undefined for one server with its own disk. */
  readonly replicas: number | undefined;
}

/**
 * Reads the options of the command line.
 * @throws TypeError with a code `ERR_PARSE_ARGS…` for those that are not understood
 */
export function readOptions(args: readonly string[], nowMs: number): CrashOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cycles: { type: 'string' },
      rounds: { type: 'string' },
      minutes: { type: 'string' },
      writers: { type: 'string' },
      'fsck-every': { type: 'string', default: '10' },
      seed: { type: 'string' },
      json: { type: 'string' },
      reference: { type: 'string' },
      replicas: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const number = (name: keyof typeof values, least: number): number => {
    const text = String(values[name] ?? '');
    const value = Number(text);
    if (text.trim() !== '' && value >= least && (name === 'minutes' || Number.isSafeInteger(value))) return value;
    throw usage(`--${name} takes a number from ${least} on`);
  };
  if (values.replicas !== undefined && (values.reference ?? values.cycles ?? values.rounds) !== undefined)
    throw usage('--replicas goes with --minutes, not with --cycles or --reference');
  const defaultWriters = values.replicas === undefined ? 64 : 32;
  const cycles = values.cycles === undefined ? 'rounds' : 'cycles';
  const unbounded = values.minutes === undefined ? 50 : Number.POSITIVE_INFINITY;
  return {
    help: values.help,
    cycles: values[cycles] === undefined ? unbounded : number(cycles, 1),
    minutes: values.minutes === undefined ? Number.POSITIVE_INFINITY : number('minutes', 0),
    writers: values.writers === undefined ? defaultWriters : number('writers', 1),
    fsckEvery: number('fsck-every', 1),
    seed: values.seed === undefined ? nowMs % 1_000_000 : number('seed', 0),
    json: values.json,
    reference: values.reference,
    replicas: values.replicas === undefined ? undefined : number('replicas', 1),
  };
}

/** An error that `runMain` takes for one of the command line. */
function usage(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' });
}
