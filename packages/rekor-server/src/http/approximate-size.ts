import type { IncomingMessage } from 'node:http';

/** Bytes of a request as Prometheus' HTTP instrumentation estimates them: target, method, protocol, headers, declared body. */
export function approximateSize(request: IncomingMessage): number {
  let bytes = (request.url ?? '').length + (request.method ?? '').length + 'HTTP/1.1'.length;
  const { rawHeaders } = request;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    bytes += value.length;
    // The host is a field of its own there, without its header's name.
    if (name.length !== 4 || name.toLowerCase() !== 'host') bytes += name.length;
    if (name.length === 14 && name.toLowerCase() === 'content-length') bytes += Number(value);
  }
  return bytes;
}
