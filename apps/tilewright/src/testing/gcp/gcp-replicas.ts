import { openCheckpoint } from '@tilewright/core/checkpoint';
import { bundlePath, bundlesBetween, decodeEntryBundle } from '@tilewright/core/tiles';
import { expect } from 'vitest';
import { freePorts } from '../free-ports.ts';
import { runCli } from '../run-cli.ts';
import { RunningProcess } from '../running-process.ts';
import { type GcpLogPlace, type GcpServers, gcpLogPlace } from './gcp-servers.ts';

/** A place whose tables are made, so that a server can start there. */
export async function madeGcpPlace(servers: GcpServers): Promise<GcpLogPlace> {
  const place = await gcpLogPlace(servers);
  const { status, err } = await runCli(['db', 'init', '--create', '--gcp-spanner', place.database], servers.env);
  expect([status, err]).toEqual([0, '']);
  return place;
}

/** The same log, served on other ports. */
export async function anotherReplica(place: GcpLogPlace): Promise<GcpLogPlace> {
  const [http, grpc, metrics] = await freePorts(3);
  const log = ['--gcp-bucket', place.bucket, '--gcp-spanner', place.database, '--signer-filepath', place.keyFile];
  const ports = ['--http-port', `${http}`, '--grpc-port', `${grpc}`, '--http-metrics-port', `${metrics}`];
  return {
    ...place,
    url: `http://localhost:${http}`,
    grpc: `localhost:${grpc}`,
    metricsUrl: `http://localhost:${metrics}/metrics`,
    flags: [...log, '--hostname', 'localhost', ...ports],
  };
}

/** A server of the log, ready. */
export async function serveGcp(
  place: GcpLogPlace,
  env: Readonly<Record<string, string>>,
  ...more: readonly string[]
): Promise<RunningProcess> {
  const server = new RunningProcess(['serve', ...place.flags, ...more], { env });
  await server.ready(`${place.url}/readyz`);
  return server;
}

/** The size that the bucket publishes, of a checkpoint signed by the log. */
export async function publishedSize(place: GcpLogPlace): Promise<number> {
  const note = new Uint8Array(await (await fetch(`${place.publicUrl}/checkpoint`)).arrayBuffer());
  return openCheckpoint(note, place.key.origin, place.key.verifier).size;
}

/** Every entry that the bucket publishes, in order, base64. */
export async function publishedEntries(place: GcpLogPlace): Promise<readonly string[]> {
  const entries: string[] = [];
  for (const bundle of bundlesBetween(0, await publishedSize(place))) {
    const answer = await fetch(`${place.publicUrl}/${bundlePath(bundle)}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    for (const entry of decodeEntryBundle(bytes, bundle.width)) entries.push(Buffer.from(entry).toString('base64'));
  }
  return entries;
}

/** The whole published log, compared by `log fsck`. */
export async function expectSound(place: GcpLogPlace): Promise<void> {
  const { status, out, err } = await runCli(['log', 'fsck', place.publicUrl, '--vkey', place.key.vkey]);
  expect([status, status === 0 ? '' : out + err]).toEqual([0, '']);
}
