import { asLeafIndex, type Hash } from '@tilewright/core/bytes';
import type { LogError } from '../log-error.ts';
import type { Leaving } from './leaving.ts';
import type { Placement, Publication, Receipt } from './publication.ts';
import { Waiters } from './waiters.ts';

/** The text form of a leaf hash, for maps. */
export function hashKey(hash: Uint8Array): string {
  // Ten times as fast as spreading the bytes.
  return Reflect.apply(String.fromCharCode, undefined, hash);
}

/** One entry on its way through the log, and everyone who waits for it. */
export class Ticket {
  readonly key: string;
  readonly leafHash: Hash;
  readonly length: number;
  /** The entry's bytes; given up once the backlog holds them. */
  data: Uint8Array | undefined;
  /** The persistent index knew the entry: nobody here was first. */
  old = false;
  /** Everyone who waited for publication got an answer; whoever joins now can get one at once. */
  settled = false;
  #index: number | undefined;
  readonly #published = new Waiters<Receipt>();
  /** Few ask for an index alone: most tickets never make room for it. */
  #placed: Waiters<Placement> | undefined;

  constructor(key: string, leafHash: Hash, data: Uint8Array) {
    this.key = key;
    this.leafHash = leafHash;
    this.data = data;
    this.length = data.length;
  }

  /** Known once the entry is durable. */
  get index(): number | undefined {
    return this.#index;
  }

  /** How many wait for publication. */
  get waiting(): number {
    return this.#published.size;
  }

  /** Resolves when the entry is published. A signal lets go of this waiter alone: the entry and the others stay. */
  wait(duplicate: boolean, signal: Leaving | undefined): Promise<Receipt> {
    return this.#published.join(duplicate, signal);
  }

  /** As {@link wait}; resolves when the entry is durable and has its index. */
  waitPlaced(duplicate: boolean, signal: Leaving | undefined): Promise<Placement> {
    this.#placed ??= new Waiters<Placement>();
    const placement = this.#placed.join(duplicate, signal);
    if (this.#index !== undefined) this.place(this.#index);
    return placement;
  }

  /** The entry is durable at `index`: whoever waits for no more than that is told. */
  place(index: number): void {
    this.#index = index;
    this.#placed?.settle((duplicate) => ({ index: asLeafIndex(index), duplicate: duplicate || this.old }));
  }

  /** Answers everyone. `proof` is for the one who was first. */
  settle(publication: Publication, proof: readonly Hash[] | undefined): void {
    const index = asLeafIndex(this.#index ?? -1);
    this.#published.settle((joined) => {
      const duplicate = joined || this.old;
      return { index, duplicate, publication, proof: duplicate ? undefined : proof };
    });
    this.settled = true;
  }

  /** Turns everyone away. */
  reject(error: LogError): void {
    this.#placed?.reject(error);
    this.#published.reject(error);
    this.settled = true;
  }
}
