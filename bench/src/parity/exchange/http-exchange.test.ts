import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { httpAnswer } from './http-answer.ts';
import { chunked, httpRequest } from './http-request.ts';
import { type RawResponse, sendRaw } from './raw-http.ts';

/** Answers the first bytes of a connection with `reply`; closes it where `close` says so. */
async function against(
  reply: string,
  close: boolean,
  exchange: (port: number) => Promise<RawResponse>,
): Promise<RawResponse> {
  const server = createServer((socket) => {
    socket.once('data', () => (close ? socket.end(reply) : socket.write(reply)));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await exchange(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    server.close();
  }
}

test('a counted and a chunked JSON answer with other white space are one answer', async () => {
  const head = 'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nDate: now\r\n';
  const counted = await against(
    `${head}Content-Length: 38\r\n\r\n{"code":3, "message":"m","details":[]}`,
    false,
    (port) => sendRaw(port, httpRequest({ body: '{}' })),
  );
  const body = chunked('{"code":3,"message":"m","details":[]}', 5).toString('latin1');
  const inChunks = await against(`${head}Transfer-Encoding: chunked\r\n\r\n${body}`, true, (port) =>
    sendRaw(port, httpRequest({ body: '{}' })),
  );
  expect(httpAnswer(counted)).toEqual(httpAnswer(inChunks));
  expect(httpAnswer(inChunks)).toEqual({
    status: '400',
    'header:content-type': 'application/json',
    framing: 'whole',
    body: '{"code":3,"message":"m"}',
    details: '[]',
  });
  expect(inChunks.closed).toBe(true);
});

test('headers that come twice are both compared, and a text body keeps its length header', async () => {
  const reply = 'HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nok';
  const response = await against(reply, false, (port) => sendRaw(port, httpRequest({ method: 'GET', target: '/' })));
  expect(httpAnswer(response)).toEqual({
    status: '200',
    'header:x-a': '1, 2',
    'header:content-length': '2',
    body: 'ok',
  });
});

test('100 Continue is noticed, and a server that only closes answers nothing', async () => {
  const reply = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n';
  const answer = await against(reply, false, (port) => sendRaw(port, httpRequest({ bodyAfterContinue: 'x' })));
  expect(httpAnswer(answer)).toEqual({ status: '204', continued: 'yes', body: '' });
  const nothing = await against('', true, (port) => sendRaw(port, httpRequest({})));
  expect(httpAnswer(nothing).status).toBe('0');
});
