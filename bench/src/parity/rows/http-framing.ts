import { chunked, type HttpParts, httpRequest } from '../exchange/http-request.ts';
import type { HttpRow } from '../row.ts';
import { specJson } from './entry-spec.ts';
import { p256Spec } from './keys.ts';

/** The default of --max-request-body-size. */
export const MAX_BODY: number = 4 * 1024 * 1024;

/** How a body arrives: lengths, codings, sizes, versions, 100-continue; and deadlines and other headers. */
export function httpFraming(): HttpRow[] {
  return [...arrivals(), ...sizes(), ...deadlines(), ...otherHeaders(), ...grammar()];
}

function arrivals(): HttpRow[] {
  const chunkedHeader = 'Transfer-Encoding: chunked';
  return [
    row('arrival/no body', {}),
    row('arrival/empty body', { body: '' }),
    row('arrival/chunked', { headers: [chunkedHeader], body: chunked(fresh('chunked')) }),
    row('arrival/chunked in 7-byte chunks', { headers: [chunkedHeader], body: chunked(fresh('small chunks'), 7) }),
    row('arrival/chunked with trailers', {
      headers: [chunkedHeader, 'Trailer: X-T'],
      body: Buffer.concat([chunked('{}').subarray(0, -2), Buffer.from('X-T: 1\r\n\r\n')]),
    }),
    row('arrival/bad chunk length', { headers: [chunkedHeader], body: 'zz\r\n{}\r\n0\r\n\r\n' }, true),
    row('arrival/expects 100-continue', { headers: ['Expect: 100-continue'], bodyAfterContinue: fresh('continue') }),
    row('arrival/expects 100-continue, unknown path', {
      target: '/nope',
      headers: ['Expect: 100-continue'],
      bodyAfterContinue: 'hello',
    }),
    row('arrival/expects something else', { headers: ['Expect: something'], body: '{}' }),
    row('arrival/connection close', { headers: ['Connection: close'], body: '{}' }),
    row('arrival/HTTP 1.0', { version: 'HTTP/1.0', body: '{}' }),
    row('arrival/HTTP 1.0 kept alive', { version: 'HTTP/1.0', headers: ['Connection: keep-alive'], body: '{}' }),
  ];
}

function sizes(): HttpRow[] {
  const spaces = (count: number): string => ' '.repeat(count);
  const chunkedHeader = 'Transfer-Encoding: chunked';
  return [
    row('size/limit', { body: spaces(MAX_BODY) }),
    row('size/limit plus one', { body: spaces(MAX_BODY + 1) }),
    row('size/limit, chunked', { headers: [chunkedHeader], body: chunked(spaces(MAX_BODY)) }),
    row('size/limit plus one, chunked', { headers: [chunkedHeader], body: chunked(spaces(MAX_BODY + 1)) }),
    row('size/twice the limit', { body: spaces(2 * MAX_BODY) }),
    row('size/a value, then twice the limit', { body: `{}${spaces(2 * MAX_BODY)}` }),
    row('size/a value, then up to the limit', { body: `{}${spaces(MAX_BODY - 2)}` }),
    row('size/over the limit to an unknown path', { target: '/nope', body: spaces(MAX_BODY + 1) }),
    row('size/over the limit to healthz', { target: '/healthz', body: spaces(MAX_BODY + 1) }),
    row('size/header of 100 KiB', { method: 'GET', target: '/healthz', headers: [`X-Big: ${'a'.repeat(100 << 10)}`] }),
    row('size/path of 20 KB', { method: 'GET', target: `/${'a'.repeat(20_000)}` }),
  ];
}

function deadlines(): HttpRow[] {
  const withTimeout = (value: string, body: string, settleMs?: number): HttpRow => ({
    ...row(`deadline/${value} ${body.slice(0, 2)}`, { headers: [`Grpc-Timeout: ${value}`], body }),
    ...(settleMs === undefined ? {} : { settleMs }),
  });
  const health = (value: string): HttpRow =>
    row(`deadline/${value} on healthz`, { method: 'GET', target: '/healthz', headers: [`Grpc-Timeout: ${value}`] });
  return [
    ...['x', '1', '1 S', '5s', '1.5S', 'S', 'mm'].map((value) => withTimeout(value, '{}')),
    ...['', '0m', '20S', '+5S', '00000005S', '1000000000S', '123456789m', '1H', '5000000u'].map((value) =>
      withTimeout(value, '{}'),
    ),
    withTimeout('10S', fresh('deadline far away')),
    ...['1n', '-1m', '99999999H'].map((value) => withTimeout(value, '{}')),
    // Expired before the entry is added: no index is used up.
    withTimeout('1n', fresh('deadline passed'), 2_500),
    { ...row('deadline/bad, bad JSON', { headers: ['Grpc-Timeout: x'], body: '{' }) },
    row('deadline/1n, bad JSON', { headers: ['Grpc-Timeout: 1n'], body: '{' }, true),
    health('x'),
    health('1n'),
  ];
}

function otherHeaders(): HttpRow[] {
  const answers = (name: string, headers: string[]): HttpRow => row(`header/${name}`, { headers, body: '{}' });
  return [
    answers('no content type', []),
    answers('form content type', ['Content-Type: application/x-www-form-urlencoded']),
    answers('text content type', ['Content-Type: text/plain', 'Accept: application/xml']),
    answers('content encoding gzip', ['Content-Encoding: gzip']),
    answers('accepts gzip', ['Accept-Encoding: gzip']),
    answers('gRPC metadata', ['Grpc-Metadata-Foo: bar', 'Authorization: Bearer x']),
    answers('binary gRPC metadata that is not base64', ['Grpc-Metadata-Foo-Bin: ***']),
    row('header/upgrade to h2c', {
      method: 'GET',
      target: '/healthz',
      headers: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
    }),
    row('header/upgrade to websocket', {
      method: 'GET',
      target: '/healthz',
      headers: ['Connection: Upgrade', 'Upgrade: websocket'],
    }),
  ];
}

/** Requests that are not HTTP. */
function grammar(): HttpRow[] {
  const get = { method: 'GET', target: '/healthz' };
  return [
    row('grammar/no Host', { ...get, noHost: true }),
    row('grammar/two Hosts', { ...get, headers: ['Host: b'] }),
    row('grammar/HTTP 2.0', { ...get, version: 'HTTP/2.0' }),
    row('grammar/header without a colon', { ...get, headers: ['bad header line'] }),
    row('grammar/header name with a space', { ...get, headers: ['Bad Name: x'] }),
    row('grammar/header of 2 MiB', { ...get, headers: [`X-Big: ${'a'.repeat(2 << 20)}`] }),
    row('grammar/target without a slash', { method: 'GET', target: 'api' }),
    row('grammar/target with a bad escape', { method: 'GET', target: '/healthz%zz' }),
    row('grammar/OPTIONS *', { method: 'OPTIONS', target: '*' }),
    row('grammar/unknown method', { method: 'FOO' }),
    row('grammar/method in lower case', { method: 'post' }),
    row('grammar/bad method', { ...get, method: 'G@T' }),
    row('grammar/length not a number', { headers: ['Content-Length: x'], body: '{}' }),
    row('grammar/negative length', { headers: ['Content-Length: -1'], body: '{}' }),
    row('grammar/two lengths', { headers: ['Content-Length: 2', 'Content-Length: 3'], body: '{}' }),
    row('grammar/unknown transfer coding', { headers: ['Transfer-Encoding: gzip'], body: '{}' }),
  ];
}

function fresh(message: string): string {
  return specJson(p256Spec(message));
}

function row(name: string, parts: HttpParts, parserText = false): HttpRow {
  return { kind: 'http', name, request: httpRequest(parts), parserText };
}
