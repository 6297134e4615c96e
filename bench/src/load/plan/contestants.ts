import { BEST_FLAGS } from '../../server/commands.ts';

/** A table of its own: one interface, one way to load it. */
export type SuiteName = 'rekor' | 'raw' | 'grpc';

/** A server with its settings, and how it is loaded. */
export interface Contestant {
  /** Unique within its suite; part of the keys in a results file. */
  readonly id: string;
  /** In tables and plots. */
  readonly label: string;
  readonly settings: string;
  readonly side: 'ours' | 'peer';
  readonly server: 'tilewright' | 'rekor-server-posix' | 'tessera-posix';
  readonly flags: readonly string[];
  readonly load: 'wrk' | 'hammer' | 'grpc';
  /** Id of another one: this one runs only where that one asked clients to come back later. */
  readonly onlyIfPushedBack?: string;
}

/** One table. */
export interface Suite {
  readonly name: SuiteName;
  readonly title: string;
  readonly writers: readonly number[];
  /** In the order in which each round runs them. */
  readonly contestants: readonly Contestant[];
  /** Id of the peer that targets are about. */
  readonly baseline: string;
}

const BEST = {
  label: 'rekor-server-posix, best',
  settings: `v2.3.0 with ${BEST_FLAGS.join(' ')} (its smallest interval; no persistent antispam)`,
  side: 'peer',
  server: 'rekor-server-posix',
  flags: BEST_FLAGS,
} as const;
const OURS = { label: 'Tilewright', settings: 'its defaults', side: 'ours', server: 'tilewright', flags: [] } as const;
const RAW_FLAGS = ['--personality=raw'];
const ROOMY = '--pushback-max-outstanding=16384';

/** Everything that can be run. */
export const SUITES: readonly Suite[] = [
  {
    name: 'rekor',
    title: 'Rekor API over HTTP: distinct hashedrekords, half of them with certificates, by wrk',
    writers: [1, 16, 64, 512, 2048, 4000],
    baseline: 'peer-best',
    contestants: [
      { ...OURS, id: 'ours', load: 'wrk', settings: 'its defaults: durable, persistent dedupe, published' },
      { ...BEST, id: 'peer-best', load: 'wrk' },
      {
        id: 'peer-default',
        label: 'rekor-server-posix, defaults',
        settings: 'v2.3.0 without further flags (checkpoint every 10 s, batches of 250 ms)',
        side: 'peer',
        server: 'rekor-server-posix',
        flags: [],
        load: 'wrk',
      },
    ],
  },
  {
    name: 'raw',
    title: "Raw logs: leaves of 1 KiB, by Tessera's hammer",
    writers: [1, 16, 64, 512, 2048, 3000],
    baseline: 'tessera',
    contestants: [
      { ...OURS, id: 'ours', load: 'hammer', label: 'Tilewright raw', settings: RAW_FLAGS.join(' '), flags: RAW_FLAGS },
      {
        id: 'tessera',
        label: 'Tessera POSIX',
        settings: 'v1.0.4, its POSIX personality without further flags (batches of 256 or 1 s, checkpoint every 1 s)',
        side: 'peer',
        server: 'tessera-posix',
        flags: [],
        load: 'hammer',
      },
      {
        ...OURS,
        id: 'ours-roomy',
        load: 'hammer',
        label: 'Tilewright raw, 16,384 outstanding',
        settings: `${RAW_FLAGS.join(' ')} ${ROOMY}; only where the defaults push back`,
        flags: [...RAW_FLAGS, ROOMY],
        onlyIfPushedBack: 'ours',
      },
    ],
  },
  {
    name: 'grpc',
    title: 'Rekor API over gRPC: the same entries, one connection a writer',
    writers: [512],
    baseline: 'peer-http',
    contestants: [
      { ...OURS, id: 'ours', load: 'grpc', label: 'Tilewright, gRPC' },
      { ...BEST, id: 'peer-http', load: 'wrk', label: 'rekor-server-posix, best, HTTP' },
      { ...BEST, id: 'peer-grpc', load: 'grpc', label: 'rekor-server-posix, best, gRPC' },
    ],
  },
];

/** The suite of that name. */
export function suiteOf(name: SuiteName): Suite {
  const suite = SUITES.find((one) => one.name === name);
  if (suite === undefined) throw new Error(`there is no suite ${name}`);
  return suite;
}

/** A contestant of a suite. Throws when it has none of that id. */
export function contestantOf(name: SuiteName, id: string): Contestant {
  const found = suiteOf(name).contestants.find((one) => one.id === id);
  if (found === undefined) throw new Error(`${name} has no contestant ${id}`);
  return found;
}
