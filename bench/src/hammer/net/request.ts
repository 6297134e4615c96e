import type { Endpoint } from './endpoint.ts';

/** A whole GET request; `path` begins with a slash. */
export function getRequest({ host, path: prefix }: Endpoint, path: string): Buffer {
  return Buffer.from(`GET ${prefix}${path} HTTP/1.1\r\nHost: ${host}\r\nAccept-Encoding: identity\r\n\r\n`, 'latin1');
}

/** A whole POST request; `path` begins with a slash. */
export function postRequest(
  { host, path: prefix }: Endpoint,
  path: string,
  contentType: string,
  body: Uint8Array,
): Buffer {
  const head = `POST ${prefix}${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const request = Buffer.allocUnsafe(head.length + body.length);
  request.write(head, 'latin1');
  request.set(body, head.length);
  return request;
}
