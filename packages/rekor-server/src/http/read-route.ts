import type { HttpMetrics } from '../metrics/http-metrics.ts';
import type { ReadPath } from '../reading/read-path.ts';
import { STATUS } from '../status.ts';
import { type Answer, INTERNAL_ERROR, NOT_FOUND } from './answer.ts';
import type { Exchange, Wire } from './exchange.ts';
import { readAnswer } from './read-answer.ts';
import type { RequestFacts } from './request/request-facts.ts';

/** What reading on the short way needs. */
export interface ReadRouteOptions {
  readonly readPath: ReadPath;
  /** What stands before `checkpoint` and `tile/`, from `/` to `/`. */
  readonly prefixes: readonly string[];
  readonly metrics: HttpMetrics;
  readonly nowMs: () => number;
  /** Gets exceptions that no answer foresees. */
  readonly onPanic: (error: unknown) => void;
}

const READS = /^(?:checkpoint|tile\/.+)$/;
const NO_STORE = ['Cache-Control', 'no-store'];

/** GET of the checkpoint and of tiles, with the answers that the app's routes give. */
export class ReadRoute {
  readonly #options: ReadRouteOptions;

  constructor(options: ReadRouteOptions) {
    this.#options = options;
  }

  /** Whether the path is one of those. */
  has(path: string): boolean {
    return this.#rest(path) !== undefined;
  }

  handle(wire: Wire, facts: RequestFacts, path: string): Exchange {
    const { metrics, nowMs } = this.#options;
    const startedAt = nowMs();
    let isDone = false;
    metrics.inFlight += 1;
    const end = (status: number): void => {
      isDone = true;
      metrics.inFlight -= 1;
      metrics.observe(status, 'GET', (nowMs() - startedAt) / 1000, facts.size);
    };
    void this.#answer(path).then((answer) => {
      if (isDone) return;
      end(answer.status);
      wire.send(answer);
    });
    const closed = (): void => {
      if (!isDone) end(STATUS.canceled.http);
    };
    return { isAnswering: true, closed };
  }

  async #answer(path: string): Promise<Answer> {
    try {
      return (await readAnswer(this.#options.readPath, this.#rest(path) ?? '')) ?? NOT_FOUND;
    } catch (error) {
      this.#options.onPanic(error);
      return { ...INTERNAL_ERROR, headers: NO_STORE };
    }
  }

  #rest(path: string): string | undefined {
    for (const prefix of this.#options.prefixes) {
      if (path.startsWith(prefix) && READS.test(path.slice(prefix.length))) return path.slice(prefix.length);
    }
    return undefined;
  }
}
