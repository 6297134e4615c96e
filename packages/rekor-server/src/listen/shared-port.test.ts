import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Connections } from './connections.ts';
import { listenWidely } from './shared-port.ts';

const ANYWHERE = { host: '127.0.0.1', port: 0 };

async function serve(most?: number) {
  const server = createHttpServer((_request, response) => response.end('here'));
  const connections = new Connections(server, most);
  const { port, close } = await listenWidely(server, 'HTTP', ANYWHERE, { allowHalfOpen: true });
  const end = async (): Promise<void> => {
    connections.destroyAll();
    server.close();
    await close();
  };
  onTestFinished(end);
  return { server, port, end };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

test('connections are answered by whichever socket they come', async () => {
  const { port } = await serve();
  const answers = Array.from({ length: 200 }, async () => {
    const socket = await open(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of socket.setEncoding('latin1')) text += String(chunk);
    return text;
  });
  for (const text of await Promise.all(answers)) {
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toMatch(/here$/);
  }
});

test('they count together: beyond the limit they are closed as they come', async () => {
  const { port } = await serve(20);
  const sockets = await Promise.all(Array.from({ length: 60 }, () => open(port)));
  await expect.poll(() => sockets.filter((socket) => !socket.resume().closed && !socket.readableEnded).length).toBe(20);
});

test('when they are closed nothing listens any more, and the port is free', async () => {
  const { port, end } = await serve();
  const socket = await open(port);
  await end();
  if (!socket.resume().closed) await once(socket, 'close');
  const next = createServer();
  await new Promise<void>((resolve, reject) => {
    next.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  next.close();
});

test('a port that another process listens on is refused, whether that shares its port or not', async () => {
  const { port } = await serve();
  const listening = createServer();
  await expect(listenWidely(listening, 'HTTP', { ...ANYWHERE, port }, { allowHalfOpen: true })).rejects.toMatchObject({
    code: 'port-busy',
  });
  const alone = createServer();
  await new Promise<void>((resolve) => alone.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void alone.close());
  const address = alone.address();
  if (address === null || typeof address === 'string') throw new Error('it has a port');
  await expect(
    listenWidely(createServer(), 'HTTP', { ...ANYWHERE, port: address.port }, { allowHalfOpen: true }),
  ).rejects.toMatchObject({
    code: 'port-busy',
  });
});
