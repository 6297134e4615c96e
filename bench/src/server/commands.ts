import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServerCommand, ServerPorts } from './server-process.ts';

/** What a log needs to start, the same for both servers. */
export interface LogPlace {
  readonly ports: ServerPorts;
  readonly storageDir: string;
  /** PKCS#8 PEM file of the log key; never inside the storage directory. */
  readonly keyFile: string;
  readonly origin: string;
}

/** Repository root, two folders above this package's `src`. */
export const REPOSITORY: string = fileURLToPath(new URL('../../../', import.meta.url));

/** With these rekor-server-posix was fastest (its smallest checkpoint interval). */
export const BEST_FLAGS: readonly string[] = ['--checkpoint-interval=100ms', '--batch-max-age=20ms'];

/** Where tools/install puts the reference server. */
export const REFERENCE_BINARY: string = `${REPOSITORY}.tools/bin/rekor-server-posix`;

/** What the command's first line gives to Node. */
const NODE_FLAG = '--max-semi-space-size=16';
const OUR_COMMAND = `${REPOSITORY}apps/tilewright/bin/tilewright.mjs`;

/** rekor-server-posix's flag names, which Tilewright accepts under the same names. */
function serveFlags(place: LogPlace): string[] {
  return [
    'serve',
    `--http-port=${place.ports.http}`,
    `--grpc-port=${place.ports.grpc}`,
    `--http-metrics-port=${place.ports.metrics}`,
    `--storage-dir=${place.storageDir}`,
    `--signer-filepath=${place.keyFile}`,
    `--hostname=${place.origin}`,
  ];
}

/** Tilewright from source under the Node that runs this, at its defaults but for `extra`. */
export function ourServer(place: LogPlace, extra: readonly string[] = []): ServerCommand {
  return {
    name: 'ours',
    argv: [process.execPath, NODE_FLAG, OUR_COMMAND, ...serveFlags(place), ...extra],
    ports: place.ports,
    readyPath: '/readyz',
  };
}

/** Any `tilewright` subcommand from source, for use with spawn. */
export function ourCommand(args: readonly string[]): [string, ...string[]] {
  return [process.execPath, NODE_FLAG, OUR_COMMAND, ...args];
}

/** rekor-server-posix with the given flags and otherwise at its defaults. */
export function plainReferenceServer(binary: string, place: LogPlace, flags: readonly string[]): ServerCommand {
  return {
    name: 'reference',
    argv: [binary, ...serveFlags(place), ...flags],
    ports: place.ports,
    readyPath: '/healthz',
  };
}

/** rekor-server-posix at its best: its smallest checkpoint interval, a 20 ms batch, no persistent deduplication. */
export function referenceServer(binary: string, place: LogPlace, extra: readonly string[] = []): ServerCommand {
  return plainReferenceServer(binary, place, [...BEST_FLAGS, ...extra]);
}

/** Throws a sentence that says how to get the reference server when `binary` does not exist. */
export function requireReference(binary: string): void {
  if (existsSync(binary)) return;
  throw new Error(
    `no reference server at ${binary}: run tools/install, or pass --reference <path of rekor-server-posix>`,
  );
}
