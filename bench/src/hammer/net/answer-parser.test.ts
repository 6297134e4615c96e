import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answer, AnswerParser } from './answer-parser.ts';

const MAX_BODY = 100;

/** What comes out when these bytes arrive in pieces cut at `cuts`. */
function parse(text: string, cuts: readonly number[] = []): Answer | undefined {
  const bytes = Buffer.from(text, 'latin1');
  const parser = new AnswerParser(MAX_BODY);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  let answer: Answer | undefined;
  for (const end of [...places, bytes.length]) {
    answer = parser.push(bytes.subarray(start, end)) ?? answer;
    start = end;
  }
  return answer ?? parser.close();
}

const ANSWERS: readonly [name: string, text: string, status: number, body: string, keepsAlive: boolean][] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc', 200, 'abc', true],
  ['no body', 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n', 404, '', true],
  ['a status without a body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, '', true],
  ['no reason', 'HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx', 200, 'x', true],
  ['an interim answer', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx', 200, 'x', true],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n',
    200,
    'abc0123456789',
    true,
  ],
  [
    'chunks and trailers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\nC: d\r\n\r\n',
    200,
    'a',
    true,
  ],
  [
    'a connection that is not kept',
    'HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx',
    503,
    'x',
    false,
  ],
  ['a body up to the end', 'HTTP/1.1 200 OK\r\n\r\nall of it', 200, 'all of it', false],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', 200, 'x', false],
];

test.each(ANSWERS)('%s, however the bytes arrive', (_, text, status, body, keepsAlive) => {
  fc.assert(
    fc.property(fc.array(fc.nat(200), { maxLength: 20 }), (cuts) => {
      const answer = parse(text, cuts);
      expect({ ...answer, body: answer?.body.toString('latin1') }).toMatchObject({ status, body, keepsAlive });
    }),
  );
});

test('header names in any case', () => {
  expect(parse('HTTP/1.1 503 Busy\r\nRETRY-After:  7 \r\nContent-Length: 0\r\n\r\n')?.headers.get('retry-after')).toBe(
    '7',
  );
});

test.each([
  ['SSH-2.0-Go\r\n\r\n', 'not HTTP/1.1'],
  ['HTTP/2 200\r\n\r\n', 'not HTTP/1.1'],
  ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', 'is no number'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n', 'more than 100 bytes'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy', 'longer than its Content-Length'],
  [`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(101)}`, 'more than 100 bytes'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'a chunk of an answer has no length'],
  [`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(70_000)}`, 'head of an answer is too long'],
])('%j is refused', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

test('half an answer is none', () => {
  expect(parse('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab')).toBeUndefined();
  expect(parse('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')).toBeUndefined();
});
