import { ClientError } from '../client-error.ts';
import { type FetchFunction, HTTP_NOT_FOUND, HTTP_OK, readBounded, withTimeout } from '../http/bounded-fetch.ts';
import { maxBytesAt, type TileSource } from './tile-source.ts';

/** How a URL is read. */
export interface HttpTileSourceOptions {
  /** The platform's `fetch`, or one with the same contract. */
  readonly fetch: FetchFunction;
  /** For one whole object, in milliseconds; 30 s when absent. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * A log behind HTTP or HTTPS.
 * @param baseUrl the log's prefix: `checkpoint` and `tile/…` are appended to it, so that a server's root and its
 *   `/api/v2` both serve; trailing slashes do not matter
 * @throws ClientError `unsupported` when it is not an http or https URL without query and fragment
 */
export function httpTileSource(baseUrl: string, options: HttpTileSourceOptions): TileSource {
  const prefix = requireHttpUrl(baseUrl);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return {
    label: prefix,
    read: (path, signal) =>
      withTimeout(`${prefix}/${path}`, timeoutMs, signal, async (within) => {
        const response = await options.fetch(`${prefix}/${path}`, {
          // Bundles may come compressed without having been asked for that way (tlog-tiles, "Log Entries").
          headers: { 'accept-encoding': 'gzip, identity' },
          signal: within,
        });
        if (response.status === HTTP_OK) return readBounded(response, `${prefix}/${path}`, maxBytesAt(path));
        await response.body?.cancel();
        if (response.status === HTTP_NOT_FOUND) return undefined;
        const { status } = response;
        throw new ClientError('http-status', `${prefix}/${path} answered with HTTP status ${status}`, { status });
      }),
  };
}

/**
 * Checks the URL of a server and removes its trailing slashes.
 * @throws ClientError `unsupported`
 */
export function requireHttpUrl(text: string): string {
  const url = URL.parse(text);
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!isHttp || /[?#\s]/.test(text)) {
    throw new ClientError('unsupported', 'the address of a log is an http or https URL without query and fragment');
  }
  return text.replace(/\/+$/, '');
}
