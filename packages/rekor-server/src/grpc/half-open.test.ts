import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testServer } from '../../testing/test-server.ts';
import { until } from '../../testing/until.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** SETTINGS without any, and their acknowledgement. */
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0]);

const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;

test('a client that never closes its side of an ended connection costs no descriptor', {
  timeout: 20_000,
}, async () => {
  const own = await testServer({ options: { timeoutMs: 200 } });
  const before = openSockets();
  const client = connect({ port: own.server.ports.grpc, host: '127.0.0.1', allowHalfOpen: true });
  client.write(Buffer.concat([PREFACE, SETTINGS]));
  await until(() => openSockets() === before + 2);
  await sleep(50);
  client.pause();
  // The client's own end stays; the server's must go.
  await until(() => openSockets() === before + 1, 10_000);
  expect(client.destroyed).toBe(false);
  client.destroy();
  await own.close();
});
