import type { Endpoint } from './routes.ts';

/** How many requests were answered, by endpoint and status. */
export class RequestCounts {
  readonly #counts = new Map<string, { readonly endpoint: Endpoint; readonly status: number; count: number }>();

  count(endpoint: Endpoint, status: number): void {
    const key = `${endpoint} ${status}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += 1;
    else this.#counts.set(key, { endpoint, status, count: 1 });
  }

  all(): Iterable<{ readonly endpoint: Endpoint; readonly status: number; readonly count: number }> {
    return this.#counts.values();
  }
}
