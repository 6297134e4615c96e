import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fullPath, tilePath } from '@tilewright/core/tiles';
import { realEntropy } from '@tilewright/log/testing';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { NO_GCS_SERVER, skipsWithoutGcsServer, startGcsServer } from '../../testing/gcs-server.ts';
import { type GcsProxy, startGcsProxy } from '../../testing/http-proxy.ts';
import { hurriedClock } from '../../testing/hurried-clock.ts';
import { type BucketConnection, connectBucket } from '../bucket-connection.ts';
import { gcsObjects } from '../gcs-objects.ts';
import { TLS } from './tls-certificate.ts';

const VARIABLE = 'GOOGLE_APPLICATION_CREDENTIALS';
const given = process.env[VARIABLE];
const PATH = tilePath({ level: 0, index: 0, width: 3 });

interface TokenService {
  status: number;
  readonly tokens: number;
  stop(): Promise<void>;
}

/** A service that gives a token for a credential of a workload, as Google's does; answers with `status` of it. */
async function startTokenService(): Promise<TokenService> {
  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
  };
  const service = { status: 200, tokens: 0, stop };
  const server = createServer((_, outgoing) => {
    service.tokens += 1;
    const token = { access_token: `token-${service.tokens}`, token_type: 'Bearer', expires_in: 3600 };
    const type = { issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' };
    outgoing.writeHead(service.status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(service.status === 200 ? { ...token, ...type } : { error: 'refused' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(stop);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the token service has no port');
  const folder = await mkdtemp(join(tmpdir(), 'tilewright-credentials-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'subject'), 'who asks');
  const credentials = {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `http://127.0.0.1:${address.port}/v1/token`,
    credential_source: { file: join(folder, 'subject') },
  };
  await writeFile(join(folder, 'credentials.json'), JSON.stringify(credentials));
  process.env[VARIABLE] = join(folder, 'credentials.json');
  return service;
}

async function startBucket(options: Parameters<typeof startGcsProxy>[1] = {}): Promise<[GcsProxy, string]> {
  const server = await startGcsServer();
  onTestFinished(() => server.stop());
  const proxy = await startGcsProxy(server.endpoint, options);
  onTestFinished(() => proxy.stop());
  return [proxy, await server.makeBucket()];
}

async function connect({ endpoint }: GcsProxy, bucket: string): Promise<BucketConnection> {
  const world = { clock: hurriedClock(40), entropy: realEntropy(), patienceMs: 30_000, callTimeoutMs: 400_000 };
  const connection = await connectBucket({ bucket, prefix: '', endpoint }, world);
  onTestFinished(() => connection.close());
  return connection;
}

/** Whether each request carried the header, in order. */
function watchTokens(proxy: GcsProxy): (string | undefined)[] {
  const seen: (string | undefined)[] = [];
  proxy.inject((_, { authorization }) => {
    seen.push(authorization);
    return undefined;
  });
  return seen;
}

describe.skipIf(skipsWithoutGcsServer())(`on fake-gcs-server (where it is missing: ${NO_GCS_SERVER})`, () => {
  const trusted = getCACertificates('default');
  beforeEach(() => setDefaultCACertificates([...trusted, TLS.cert]));
  afterEach(() => {
    setDefaultCACertificates(trusted);
    if (given === undefined) delete process.env[VARIABLE];
    else process.env[VARIABLE] = given;
  });

  test('a private endpoint gets credentials with every request, over TLS', async () => {
    const service = await startTokenService();
    const [proxy, bucket] = await startBucket({ tls: TLS });
    const seen = watchTokens(proxy);
    const store = gcsObjects(await connect(proxy, bucket));
    expect(await store.read(PATH)).toBeUndefined();
    expect(await store.create(PATH, new Uint8Array(5))).toBe('created');
    expect(await store.create(fullPath(PATH), new Uint8Array(7))).toBe('created');
    expect(await store.read(PATH)).toEqual(new Uint8Array(5));
    await store.dropPartials(fullPath(PATH));
    expect(proxy.operations).toEqual({ insert: 2, get: 2, metadata: 1, delete: 1, list: 3 });
    expect(seen).toEqual(Array.from(seen, () => 'Bearer token-1'));
    expect(service.tokens).toBe(1);
  });

  test('no credentials ever leave in the open', async () => {
    const service = await startTokenService();
    const [proxy, bucket] = await startBucket();
    const seen = watchTokens(proxy);
    const store = gcsObjects(await connect(proxy, bucket));
    await store.create(PATH, new Uint8Array(5));
    await store.isEmpty();
    expect(seen).toEqual(Array.from(seen, () => undefined));
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(service.tokens).toBe(0);
  });

  test('who cannot say who it is is not asked for anything', async () => {
    await startTokenService();
    const [proxy, bucket] = await startBucket({ tls: TLS });
    setDefaultCACertificates(trusted);
    const seen = watchTokens(proxy);
    await expect(connect(proxy, bucket)).rejects.toMatchObject({ name: 'GcpError', code: 'failed' });
    expect(seen).toEqual([]);
  });

  test('without credentials nothing is asked, and that is what is said', async () => {
    process.env[VARIABLE] = '/nowhere/credentials.json';
    const [proxy, bucket] = await startBucket({ tls: TLS });
    const seen = watchTokens(proxy);
    await expect(connect(proxy, bucket)).rejects.toMatchObject({
      name: 'GcpError',
      code: 'denied',
      message: expect.stringContaining('/nowhere/credentials.json'),
    });
    expect(seen).toEqual([]);
  });

  test('a token service that cannot be reached is waited for', async () => {
    const service = await startTokenService();
    const [proxy, bucket] = await startBucket({ tls: TLS });
    await service.stop();
    await expect(connect(proxy, bucket)).rejects.toMatchObject({ name: 'GcpError', code: 'unreachable' });
  });

  test.each([
    [403, 'denied'],
    [503, 'unreachable'],
  ])('where the token service answers %i the bucket is %s', async (status, code) => {
    const service = await startTokenService();
    const [proxy, bucket] = await startBucket({ tls: TLS });
    service.status = status;
    await expect(connect(proxy, bucket)).rejects.toMatchObject({ name: 'GcpError', code });
  });
});
