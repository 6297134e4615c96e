import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEd25519KeyPem, type LogKey, loadSignerFile } from '@tilewright/signer';
import { onTestFinished } from 'vitest';
import type { ExitStatus } from '../cli/exit-status.ts';
import { freePorts } from './free-ports.ts';
import { runCli } from './run-cli.ts';
import { RunningProcess } from './running-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Where a log of a test lives: its directory, key and ports. */
export interface LogPlace {
  readonly directory: string;
  readonly storage: string;
  readonly keyFile: string;
  readonly key: LogKey;
  readonly url: string;
  readonly grpc: string;
  readonly metricsUrl: string;
  /** The flags of `serve` that belong to it. */
  readonly flags: readonly string[];
}

/** A place for a log called localhost, with a fresh key. */
export async function logPlace(): Promise<LogPlace> {
  const directory = temporaryDirectory();
  const [storage, keyFile] = [join(directory, 'log'), join(directory, 'key.pem')];
  const pem = generateEd25519KeyPem();
  writeFileSync(keyFile, pem, { mode: 0o600 });
  const [http, grpc, metrics] = await freePorts(3);
  const flags = ['--storage-dir', storage, '--signer-filepath', keyFile, '--hostname', 'localhost'];
  const ports = ['--http-port', `${http}`, '--grpc-port', `${grpc}`, '--http-metrics-port', `${metrics}`];
  return {
    directory,
    storage,
    keyFile,
    key: loadSignerFile(pem, 'localhost'),
    url: `http://localhost:${http}`,
    grpc: `localhost:${grpc}`,
    metricsUrl: `http://localhost:${metrics}/metrics`,
    flags: [...flags, ...ports],
  };
}

/** A log that is served in this process; it stops when the test ends. */
export interface ServedLog {
  /** Interrupts the server, and returns its exit status. */
  stop(): Promise<ExitStatus>;
}

/** Runs `serve` there in this process, which takes a fraction of the time of a process of its own. */
export async function serveHere(place: LogPlace, ...more: readonly string[]): Promise<ServedLog> {
  const controller = new AbortController();
  let ended = false;
  const result = runCli(['serve', ...place.flags, ...more], {}, controller.signal).finally(() => {
    ended = true;
  });
  const stop = async (): Promise<ExitStatus> => {
    controller.abort();
    return (await result).status;
  };
  onTestFinished(async () => void (await stop()));
  while (!ended && (await fetch(`${place.url}/readyz`).catch(() => undefined))?.status !== 200) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (ended) throw new Error((await result).err);
  return { stop };
}

/** Runs `tilewright serve` there in a process of its own, and waits until it is ready. */
export async function serveLog(place: LogPlace, ...more: readonly string[]): Promise<RunningProcess> {
  const server = new RunningProcess(['serve', ...place.flags, ...more]);
  await server.ready(`${place.url}/readyz`);
  return server;
}
