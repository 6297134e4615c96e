import { GrpcProxy } from '@tilewright/store-gcp/testing';
import { describe, onTestFinished, test } from 'vitest';
import { madeGcpPlace, serveGcp } from '../../testing/gcp/gcp-replicas.ts';
import { gcpServers, SKIPS_GCP } from '../../testing/gcp/gcp-servers.ts';
import { playOutage } from '../../testing/gcp/outage.ts';

const UNAVAILABLE = 14;
const METHODS = ['CreateSession', 'Read', 'StreamingRead', 'Commit', 'Rollback'];

describe.skipIf(SKIPS_GCP)('Spanner is out of reach for half a minute', () => {
  const servers = gcpServers();

  test('submissions are refused in time, readiness says why, and the same process goes on', {
    timeout: 150_000,
  }, async () => {
    const { env, spanner } = servers();
    const proxy = await GrpcProxy.start(spanner.host);
    onTestFinished(() => proxy.stop());
    const place = await madeGcpPlace(servers());
    const server = await serveGcp(place, { ...env, SPANNER_EMULATOR_HOST: proxy.host });
    const begin = (): void => {
      for (const method of METHODS) {
        proxy.inject({
          method,
          when: 'before',
          trouble: { status: UNAVAILABLE, message: 'the outage of the test' },
          times: Number.POSITIVE_INFINITY,
        });
      }
    };
    await playOutage({ place, server, begin, end: () => proxy.heal() }, /the outage of the test/);
  });
});
