import { existsSync } from 'node:fs';
import { type LogPlace, ourCommand, REPOSITORY } from '../../server/commands.ts';
import type { ServerCommand } from '../../server/server-process.ts';
import type { Services } from './services.ts';

/** Where tools/install puts rekor-server-gcp. */
export const PEER_BINARY: string = `${REPOSITORY}.tools/bin/rekor-server-gcp`;

/** A server with its settings. */
export interface Contestant {
  /** Its name in a results file. */
  readonly id: string;
  /** In tables. */
  readonly label: string;
  readonly settings: string;
  readonly side: 'ours' | 'peer';
  readonly flags: readonly string[];
}

/** Who is measured, in the order in which each round runs them. */
export const CONTESTANTS: readonly Contestant[] = [
  {
    id: 'ours',
    label: 'Tilewright',
    settings: 'its defaults: persistent dedupe index, a checkpoint every 1.1 s',
    side: 'ours',
    flags: [],
  },
  {
    id: 'peer-best',
    label: 'rekor-server-gcp, best',
    settings: 'v2.3.0 with --checkpoint-interval=1.2s (its smallest) --batch-max-age=50ms; no persistent antispam',
    side: 'peer',
    flags: ['--checkpoint-interval=1200ms', '--batch-max-age=50ms'],
  },
  {
    id: 'peer-compose',
    label: 'rekor-server-gcp, compose',
    settings: 'v2.3.0 with --checkpoint-interval=2s --persistent-antispam, as its docker compose file has it',
    side: 'peer',
    flags: ['--checkpoint-interval=2s', '--persistent-antispam'],
  },
];

/** The one of that id. */
export function contestantOf(id: string): Contestant {
  const found = CONTESTANTS.find((contestant) => contestant.id === id);
  if (found === undefined) throw new RangeError(`nobody is called ${id}`);
  return found;
}

/** The command of `contestant` at `place`, on `services` reached through `environment`. Both take the same names of flags. */
export function serverOf(
  { side, flags }: Contestant,
  place: LogPlace,
  services: Services,
  environment: Services['environment'] = services.environment,
): ServerCommand {
  const args = [
    'serve',
    `--http-port=${place.ports.http}`,
    `--grpc-port=${place.ports.grpc}`,
    `--http-metrics-port=${place.ports.metrics}`,
    `--signer-filepath=${place.keyFile}`,
    `--hostname=${place.origin}`,
    `--gcp-bucket=${services.bucket}`,
    `--gcp-spanner=${side === 'ours' ? services.database : services.peerDatabase}`,
    ...flags,
  ];
  const isOurs = side === 'ours';
  return {
    name: isOurs ? 'ours' : 'rekor-server-gcp',
    argv: isOurs ? ourCommand(args) : [PEER_BINARY, ...args],
    ports: place.ports,
    readyPath: isOurs ? '/readyz' : '/healthz',
    environment,
  };
}

/** Throws a sentence that says how to get rekor-server-gcp when it is not there. */
export function requirePeer(): void {
  if (!existsSync(PEER_BINARY)) {
    throw new Error(`no rekor-server-gcp at ${PEER_BINARY}: run tools/install, or measure --only ours`);
  }
}
