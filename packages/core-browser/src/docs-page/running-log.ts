import { spawn } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateEd25519KeyPem, loadSignerFile } from '@tilewright/signer';
import { REPOSITORY } from '../build/packed-core.ts';

const COMMAND = join(REPOSITORY, 'apps', 'tilewright', 'bin', 'tilewright.mjs');
const ORIGIN = 'localhost';
const WRITERS = 32;

/** `tilewright serve` in a process of its own, on a directory of its own. */
export interface RunningLog {
  readonly url: string;
  readonly vkey: string;
  /** Submits signatures over these texts, as clients do, in no particular order. */
  submit(texts: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a log with a new key and waits until it is ready. */
export async function startLog(): Promise<RunningLog> {
  const directory = await mkdtemp(join(tmpdir(), 'tilewright-docs-log-'));
  const pem = generateEd25519KeyPem();
  const keyFile = join(directory, 'key.pem');
  await writeFile(keyFile, pem, { mode: 0o600 });
  const [http, grpc, metrics] = await freePorts(3);
  const flags = ['--storage-dir', join(directory, 'log'), '--signer-filepath', keyFile, '--hostname', ORIGIN];
  const ports = [`--http-port=${http}`, `--grpc-port=${grpc}`, `--http-metrics-port=${metrics}`];
  const child = spawn(process.execPath, [COMMAND, 'serve', ...flags, ...ports], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const url = `http://localhost:${http}`;
  for (let i = 0; (await fetch(`${url}/readyz`).catch(() => undefined))?.status !== 200; i++) {
    if (i === 800 || child.exitCode !== null) {
      await stop();
      throw new Error(`the log does not start:\n${said}`);
    }
    await sleep(25);
  }
  return { url, vkey: loadSignerFile(pem, ORIGIN).vkey, submit: (texts) => submitAll(url, texts), stop };
}

async function submitAll(url: string, texts: readonly string[]): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rawBytes = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const verifier = { publicKey: { rawBytes }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
  const rest = [...texts];
  const write = async (): Promise<void> => {
    for (let text = rest.shift(); text !== undefined; text = rest.shift()) {
      const digest = createHash('sha256').update(text).digest('base64');
      const signature = { content: sign('sha256', Buffer.from(text), privateKey).toString('base64'), verifier };
      const body = JSON.stringify({ hashedRekordRequestV002: { digest, signature } });
      const response = await fetch(`${url}/api/v2/log/entries`, { method: 'POST', body });
      if (response.status !== 201) throw new Error(`the log answers ${response.status}: ${await response.text()}`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
  return ports;
}
