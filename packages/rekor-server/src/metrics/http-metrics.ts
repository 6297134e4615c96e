import { type Cell, Counter } from './prometheus/counter.ts';
import { Gauge } from './prometheus/gauge.ts';
import { type Distribution, Histogram } from './prometheus/histogram.ts';
import type { MetricRegistry } from './prometheus/metric-registry.ts';

/** Methods that keep their name in the `method` label; every other one is `unknown`, so that clients cannot grow the set. */
const KNOWN_METHODS = new Set([
  'GET',
  'PUT',
  'HEAD',
  'POST',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'NOTIFY',
  'TRACE',
  'PATCH',
]);

interface RequestCells {
  readonly total: Cell;
  readonly seconds: Distribution;
  readonly size: Distribution;
  readonly byCode: Cell;
}

/** `rekor_v2_http_*` and `promhttp_metric_handler_*` (which counts API requests there, not scrapes), as in rekor-tiles. */
export class HttpMetrics {
  readonly #total: Counter;
  readonly #seconds: Histogram;
  readonly #size: Histogram;
  readonly #byCode: Counter;
  readonly #cells = new Map<string, RequestCells>();
  /** POST answers by status: the write route is not to pay for building a key. */
  readonly #posts: RequestCells[] = [];
  /** Requests whose answer is not finished. */
  inFlight = 0;

  constructor(registry: MetricRegistry) {
    const labels = ['code', 'method'];
    this.#total = registry.register(new Counter('rekor_v2_http_requests_total', 'HTTP requests.', labels));
    this.#seconds = registry.register(
      new Histogram('rekor_v2_http_api_latency', 'Seconds to answer an HTTP request.', labels),
    );
    this.#size = registry.register(
      new Histogram('rekor_v2_http_api_request_size', 'Bytes of an HTTP request.', labels),
    );
    this.#byCode = registry.register(
      new Counter('promhttp_metric_handler_requests_total', 'HTTP requests by status code.', ['code']),
    );
    for (const code of ['200', '500', '503']) this.#byCode.cell([code]);
    registry
      .register(new Gauge('promhttp_metric_handler_requests_in_flight', 'HTTP requests being answered.', [], true))
      .set(() => this.inFlight);
  }

  /** Counts an answered request: `code` is the status, 499 when the client went away; `bytes` its approximate size. */
  observe(code: number, method: string, seconds: number, bytes: number): void {
    const cells = (method === 'POST' ? this.#posts[code] : undefined) ?? this.#find(code, method);
    cells.total.value += 1;
    cells.byCode.value += 1;
    cells.seconds.observe(seconds);
    cells.size.observe(bytes);
  }

  #find(code: number, method: string): RequestCells {
    const label = KNOWN_METHODS.has(method) ? method.toLowerCase() : 'unknown';
    const key = `${code} ${label}`;
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const values = [String(code), label];
    const cells = {
      total: this.#total.cell(values),
      seconds: this.#seconds.cell(values),
      size: this.#size.cell(values),
      byCode: this.#byCode.cell([String(code)]),
    };
    this.#cells.set(key, cells);
    if (method === 'POST') this.#posts[code] = cells;
    return cells;
  }
}
