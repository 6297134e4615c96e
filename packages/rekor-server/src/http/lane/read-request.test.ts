import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headerIn, readRequest } from './read-request.ts';

const ROUTE = {
  writePath: '/add',
  maxBodyBytes: 1000,
  reads: (path: string) => path === '/checkpoint' || path.startsWith('/tile/'),
};
const LINE = 'POST /add HTTP/1.1';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const request = (headers: readonly string[], body: string, line = LINE): string =>
  `${[line, ...headers].join('\r\n')}\r\n\r\n${body}`;
const read = (text: string) => readRequest(bytes(text), ROUTE, undefined);

test('a plain request: its body, its length, and what is behind it left alone', () => {
  const text = request(['Host: a', 'Content-Length: 3', 'traceparent: \t x y \t'], 'abc');
  const found = read(`${text}POST /add`);
  expect(found).toMatchObject({
    length: text.length,
    facts: { bodyBytes: 3, hosts: 1, method: 'POST', isForm: false },
  });
  if (typeof found === 'string') throw new Error(found);
  expect(found.body.toString()).toBe('abc');
  expect(headerIn(found.head.headers, 'traceparent')).toBe('x y');
  expect(headerIn(found.head.headers, 'content-length')).toBe('3');
  expect(headerIn(found.head.headers, 'absent')).toBeUndefined();
  // As Prometheus' instrumentation estimates it: target, method, protocol, names and values, the host's value, the body.
  expect(found.facts.size).toBe(
    '/addPOSTHTTP/1.1'.length + 'a'.length + 'content-length3'.length + 'traceparentx y'.length + 3,
  );
});

test('any part of it is incomplete, and what was read once is known again', () => {
  const text = request(['Host: a', 'Content-Length: 3', 'Accept: */*', 'Connection: Keep-Alive'], 'abc');
  for (let length = 0; length < text.length; length++) expect(read(text.slice(0, length))).toBe('incomplete');
  const first = read(text);
  if (typeof first === 'string') throw new Error(first);
  const second = readRequest(bytes(text), ROUTE, first.head);
  expect(typeof second === 'string' ? second : second.head).toBe(first.head);
});

test('a plain read, which has no body', () => {
  const text = request(['Host: a'], '', 'GET /tile/0/x001/067.p/3 HTTP/1.1');
  expect(read(text)).toMatchObject({
    path: '/tile/0/x001/067.p/3',
    length: text.length,
    facts: { method: 'GET', bodyBytes: 0, size: 'GET/tile/0/x001/067.p/3HTTP/1.1a'.length },
  });
  expect(read(request(['Host: a', 'Content-Length: 0'], '', 'GET /checkpoint HTTP/1.1'))).toMatchObject({
    path: '/checkpoint',
  });
  for (let length = 0; length < text.length; length++) expect(read(text.slice(0, length))).toBe('incomplete');
});

test.each([
  ['another path', 'GET /healthz HTTP/1.1', 'Host: a'],
  ['another method', 'HEAD /checkpoint HTTP/1.1', 'Host: a'],
  ['a query', 'GET /checkpoint?x HTTP/1.1', 'Host: a'],
  ['an escape', 'GET /tile/0/%30 HTTP/1.1', 'Host: a'],
  ['a body', 'GET /checkpoint HTTP/1.1', 'Host: a\r\nContent-Length: 1'],
  ['no host', 'GET /checkpoint HTTP/1.1', 'Accept: x'],
  ['two spaces', 'GET  /checkpoint HTTP/1.1', 'Host: a'],
  ['an endless line', `GET /${'x'.repeat(600)}`, ''],
])('a read with %s is left to the full parser', (_, line, headers) => {
  expect(read(headers === '' ? line : `${line}\r\n${headers}\r\n\r\nx`)).toBe('other');
});

test.each([
  ['another method', request(['Host: a', 'Content-Length: 0'], '', 'PUT /add HTTP/1.1')],
  ['a read of the write path', request(['Host: a', 'Content-Length: 0'], '', 'GET /add HTTP/1.1')],
  ['another path', request(['Host: a', 'Content-Length: 0'], '', 'POST /added HTTP/1.1')],
  ['an escaped path', request(['Host: a', 'Content-Length: 0'], '', 'POST /%61dd HTTP/1.1')],
  ['a query', request(['Host: a', 'Content-Length: 0'], '', 'POST /add?x HTTP/1.1')],
  ['an absolute target', request(['Host: a', 'Content-Length: 0'], '', 'POST http://a/add HTTP/1.1')],
  ['an old version', request(['Host: a', 'Content-Length: 0'], '', 'POST /add HTTP/1.0')],
  ['a bare newline', `${LINE}\nHost: a\r\nContent-Length: 0\r\n\r\n`],
  ['a bare newline behind a header', `${LINE}\r\nHost: a\nContent-Length: 0\r\n\r\n`],
  ['an empty line first', `\r\n${request(['Host: a', 'Content-Length: 0'], '')}`],
  ['no headers', `${LINE}\r\n\r\n`],
  ['no host', request(['Content-Length: 0'], '')],
  ['two hosts', request(['Host: a', 'Host: a', 'Content-Length: 0'], '')],
  ['no length', request(['Host: a'], '')],
  ['two lengths', request(['Host: a', 'Content-Length: 1', 'Content-Length: 1'], 'a')],
  ['lengths in a list', request(['Host: a', 'Content-Length: 1, 1'], 'a')],
  ['a length with a sign', request(['Host: a', 'Content-Length: +1'], 'a')],
  ['a length with a zero before', request(['Host: a', 'Content-Length: 01'], 'a')],
  ['a hexadecimal length', request(['Host: a', 'Content-Length: 0x1'], 'a')],
  ['an empty length', request(['Host: a', 'Content-Length:'], '')],
  ['a length over the limit', request(['Host: a', 'Content-Length: 1001'], '')],
  ['chunks', request(['Host: a', 'Transfer-Encoding: chunked'], '0\r\n\r\n')],
  ['chunks and a length', request(['Host: a', 'Content-Length: 0', 'Transfer-Encoding: chunked'], '')],
  ['an expectation', request(['Host: a', 'Content-Length: 0', 'Expect: 100-continue'], '')],
  ['a connection that closes', request(['Host: a', 'Content-Length: 0', 'Connection: close'], '')],
  ['an upgrade', request(['Host: a', 'Content-Length: 0', 'Connection: upgrade', 'Upgrade: h2c'], '')],
  ['trailers', request(['Host: a', 'Content-Length: 0', 'Trailer: x'], '')],
  ['a form', request(['Host: a', 'Content-Length: 0', 'Content-Type: application/x-www-form-urlencoded'], '')],
  ['another method in a header', request(['Host: a', 'Content-Length: 0', 'X-HTTP-Method-Override: GET'], '')],
  ['a time limit', request(['Host: a', 'Content-Length: 0', 'gRPC-Timeout: 1S'], '')],
  ['metadata', request(['Host: a', 'Content-Length: 0', 'Grpc-Metadata-X-Bin: !'], '')],
  ['a line that goes on', request(['Host: a', 'Content-Length: 0', 'X: a', ' b'], '')],
  ['a space before the colon', request(['Host: a', 'Content-Length : 0'], '')],
  ['a name that is no token', request(['Host: a', 'Content-Length: 0', 'X(: a'], '')],
  ['no colon', request(['Host: a', 'Content-Length: 0', 'X'], '')],
  ['a control character', request(['Host: a', 'Content-Length: 0', 'X: a\u0000b'], '')],
  ['a carriage return in a value', request(['Host: a', 'Content-Length: 0', 'X: a\rb'], '')],
  ['a byte beyond ASCII', request(['Host: a', 'Content-Length: 0', 'X: \u00e9'], '')],
  ['a head that is too long', request(['Host: a', 'Content-Length: 0', `X: ${'x'.repeat(8192)}`], '')],
  ['a head that never ends', `${LINE}\r\nX: ${'x'.repeat(8192)}`],
])('%s is left to the full parser', (_, text) => {
  expect(read(text)).toBe('other');
});

test('no line of a head takes long to look at', () => {
  const started = performance.now();
  for (const odd of [' '.repeat(8000), '\t '.repeat(4000), 'a '.repeat(4000), 'a'.repeat(8000)]) {
    for (const line of [`X:${odd}\0`, `${odd}:\0`, `X${odd}`])
      expect(read(request(['Host: a', line], ''))).toBe('other');
  }
  // One quadratic expression took 90 ms for some of them, on an idle machine.
  expect(performance.now() - started).toBeLessThan(500);
});

test('what is taken says what it says: one POST to the route, its length once, no other way to end', () => {
  const odd = fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    '\r\n\r\n',
    ' ',
    '\t',
    ':',
    '\0',
    'Content-Length: 2\r\n',
    'Host: b\r\n',
    'x',
  );
  const plain = request(['Host: a', 'Content-Length: 3', 'Content-Type: application/json'], 'abc');
  fc.assert(
    fc.property(fc.nat(plain.length), odd, fc.nat(6), (at, inserted, removed) => {
      const text = plain.slice(0, at) + inserted + plain.slice(at + removed);
      const found = read(text);
      if (typeof found === 'string') return;
      const head = text.slice(0, found.length - found.body.length);
      const lines = head.slice(0, -4).split('\r\n');
      expect(lines[0]).toBe(LINE);
      const named = (name: string) => lines.filter((line) => line.toLowerCase().startsWith(`${name}:`));
      expect([named('host').length, named('content-length').length]).toEqual([1, 1]);
      expect(head.slice(0, -4)).not.toMatch(/\r(?!\n)|(?<!\r)\n|\0/);
      expect(Number(named('content-length')[0]?.split(':')[1]?.trim())).toBe(found.body.length);
      expect(bytes(text).subarray(0, found.length).toString('latin1')).toBe(head + found.body.toString('latin1'));
    }),
    { numRuns: 20_000 },
  );
});
