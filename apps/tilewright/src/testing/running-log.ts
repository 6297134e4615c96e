import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEd25519KeyPem, type LogKey, loadSignerFile } from '@tilewright/signer';
import { freePorts } from './free-ports.ts';
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

/** Runs `tilewright serve` there and waits until it is ready. */
export async function serveLog(place: LogPlace, ...more: readonly string[]): Promise<RunningProcess> {
  const server = new RunningProcess(['serve', ...place.flags, ...more]);
  await server.ready(`${place.url}/readyz`);
  return server;
}
