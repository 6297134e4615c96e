import { createServer, type Server } from 'node:http';
import { type ListenAddress, listen } from '../listen/address.ts';
import { METRICS_CONTENT_TYPE } from './prometheus/metric-registry.ts';

/** Scrapers are few. */
const MAX_CONNECTIONS = 64;

/** A listener whose every path and method answers with the metrics, as in rekor-tiles. */
export class MetricsListener {
  readonly #address: ListenAddress;
  readonly #server: Server;

  /** `scrape` makes the text; it never rejects. */
  constructor(address: ListenAddress, scrape: () => string | Promise<string>, timeoutMs: number) {
    this.#address = address;
    const times = { requestTimeout: timeoutMs, headersTimeout: timeoutMs, keepAliveTimeout: timeoutMs };
    this.#server = createServer(times, async (request, response) => {
      const body = Buffer.from(await scrape());
      response.writeHead(200, { 'Content-Type': METRICS_CONTENT_TYPE, 'Content-Length': body.length });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Starts to listen; the port. Throws `ServerError`. */
  start(): Promise<number> {
    return listen(this.#server, 'metrics', this.#address);
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}
