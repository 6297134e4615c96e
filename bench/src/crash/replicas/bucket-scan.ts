import { parseTilePath } from '@tilewright/core/tiles';
import type { Ledger } from '../judge/ledger.ts';

const TILES = 'tile/';

/** An object as a listing tells of it. */
interface Listed {
  readonly name: string;
  readonly generation: string;
  readonly md5Hash: string;
}

/**
 * Looks at every object below `tile/` whatever readers ask for: each was written once, stays as it is, and goes only when it
 * is a partial whose full one is there.
 */
export class BucketScan {
  readonly #listUrl: string;
  readonly #ledger: Ledger;
  /** What was said of each object when it was first seen. */
  readonly #first = new Map<string, string>();
  readonly #gone = new Set<string>();

  constructor(listUrl: string, ledger: Ledger) {
    this.#listUrl = listUrl;
    this.#ledger = ledger;
  }

  /** Objects that were ever seen. */
  get seen(): number {
    return this.#first.size;
  }

  async run(): Promise<void> {
    const there = new Set<string>();
    for await (const { name, generation, md5Hash } of this.#list()) {
      there.add(name);
      const stamp = `generation ${generation}, MD5 ${md5Hash}`;
      const first = this.#first.get(name);
      if (first === undefined) this.#begin(name, stamp);
      else if (first !== stamp) this.#ledger.violate(`${name} was written again: ${first}, now ${stamp}`);
      if (this.#gone.has(name)) this.#ledger.violate(`${name} was removed, and is there again`);
    }
    for (const name of this.#first.keys()) {
      if (there.has(name) || this.#gone.has(name)) continue;
      this.#gone.add(name);
      // Since the beginning of the listing a partial may have gone because its full one had come.
      const full = name.replace(/\.p\/.*$/, '');
      if (!there.has(full) && !(await this.#isThere(full))) this.#ledger.violate(`${name} was there, and is gone`);
    }
  }

  async #isThere(name: string): Promise<boolean> {
    const answer = await fetch(`${this.#listUrl}/${encodeURIComponent(name)}`);
    await answer.arrayBuffer();
    return answer.ok;
  }

  #begin(name: string, stamp: string): void {
    this.#first.set(name, stamp);
    try {
      parseTilePath(name);
    } catch {
      this.#ledger.violate(`${name} lies where tiles are served, but is none`);
    }
  }

  async *#list(): AsyncGenerator<Listed> {
    for (let page = ''; ; ) {
      const answer = await fetch(`${this.#listUrl}?prefix=${TILES}&maxResults=1000&pageToken=${page}`);
      if (!answer.ok) throw new Error(`the listing of the bucket answered ${answer.status}`);
      const { items = [], nextPageToken = '' } = (await answer.json()) as {
        readonly items?: readonly Listed[];
        readonly nextPageToken?: string;
      };
      yield* items;
      if (nextPageToken === '') return;
      page = encodeURIComponent(nextPageToken);
    }
  }
}
