import { expect } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../entry-request.ts';
import { publishedEntries } from './gcp-replicas.ts';
import type { GcpLogPlace } from './gcp-servers.ts';

/** An entry that the log acknowledged. */
export interface Acknowledged {
  readonly index: number;
  /** Base64. */
  readonly body: string;
}

/** How {@link SteadyWriters} work. */
export interface SteadyWritersOptions {
  /** Between an answer and the next entry of a writer, milliseconds; 0 unless given. */
  readonly pauseMs?: number;
  /** Whether 504 is allowed: the request's time ran out, and the entry may be in the log. */
  readonly mayRunOut?: boolean;
}

/** Pause after an answer that asks for a retry, milliseconds. */
const RETRY_MS = 100;

/**
 * Clients that submit one entry after another, each again and again until the log has it: every answer must be an entry, that
 * there is one, or 503; with `mayRunOut` also that the request's time ran out, after which nobody knows.
 */
export class SteadyWriters {
  readonly statuses: Map<number, number> = new Map();
  readonly acknowledged: Acknowledged[] = [];
  /** Answers that nobody may get, and requests that got none. */
  readonly faults: string[] = [];
  /** Longest time that one request took, milliseconds. */
  longestMs = 0;
  readonly #url: string;
  readonly #mayRunOut: boolean;
  readonly #over = new AbortController();
  readonly #writers: Promise<unknown>;
  #count = 0;

  constructor(url: string, writers: number, { pauseMs = 0, mayRunOut = false }: SteadyWritersOptions = {}) {
    this.#url = url;
    this.#mayRunOut = mayRunOut;
    this.#writers = Promise.all(Array.from({ length: writers }, () => this.#write(pauseMs)));
  }

  /** Resolves when everybody has got an answer to the last entry, and says how many entries were made. */
  async finish(): Promise<number> {
    this.#over.abort();
    await this.#writers;
    return this.acknowledged.length;
  }

  /** Nothing was lost, moved or doubled: each entry that was answered is at its index, and once. */
  async expectKept(place: GcpLogPlace): Promise<void> {
    expect(this.faults).toEqual([]);
    const entries = await publishedEntries(place);
    for (const { index, body } of this.acknowledged) expect(entries[index]).toBe(body);
    expect(new Set(entries).size).toBe(entries.length);
  }

  async #write(pauseMs: number): Promise<void> {
    while (!this.#over.signal.aborted) {
      this.#count += 1;
      await this.#submit(entryRequest(`steady ${this.#count}`));
      await pause(pauseMs);
    }
  }

  async #submit(body: string): Promise<void> {
    for (;;) {
      const started = performance.now();
      const answer = await postEntry(this.#url, body).catch((error: unknown) => String(error));
      this.longestMs = Math.max(this.longestMs, performance.now() - started);
      if (typeof answer === 'string') {
        this.faults.push(answer);
        return;
      }
      this.statuses.set(answer.status, 1 + (this.statuses.get(answer.status) ?? 0));
      const text = await answer.text();
      const isLate = answer.status === 504 && this.#mayRunOut;
      if (isLate || (answer.status === 503 && answer.headers.has('retry-after'))) {
        await pause(RETRY_MS);
        continue;
      }
      if (answer.status === 201) this.#keep(JSON.parse(text) as EntryJson);
      else if (answer.status === 409) this.#keep((JSON.parse(text) as { details: EntryJson[] }).details[0]);
      else this.faults.push(`${answer.status} ${text.slice(0, 200)}`);
      return;
    }
  }

  #keep(entry: EntryJson | undefined): void {
    if (entry === undefined) this.faults.push('a duplicate without its entry');
    else this.acknowledged.push({ index: Number(entry.logIndex), body: entry.canonicalizedBody });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
