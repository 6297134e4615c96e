import { startGcsProxy } from '@tilewright/store-gcp/testing';
import { describe, onTestFinished, test } from 'vitest';
import { madeGcpPlace, serveGcp } from '../../testing/gcp/gcp-replicas.ts';
import { gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';
import { playOutage } from '../../testing/gcp/outage.ts';

describe.skipIf(SKIPS_GCP)('Cloud Storage is out of reach for half a minute', () => {
  const servers = gcpServers();

  test('submissions are refused in time, readiness says why, and the same process goes on', {
    timeout: 150_000,
  }, async () => {
    const { env, gcs } = servers();
    const proxy = await startGcsProxy(gcs.endpoint);
    onTestFinished(() => proxy.stop());
    const place = await madeGcpPlace(servers());
    const server = await serveGcp(place, { ...env, STORAGE_EMULATOR_HOST: proxy.endpoint });
    const begin = (): void => proxy.inject(() => ({ kind: 'status', status: 503, body: 'the outage of the test' }));
    await playOutage(
      { place, server, begin, end: () => proxy.inject() },
      /no checkpoint for \d+ ms.*the outage of the test/,
    );
  });
});
