import { asLeafIndex, type Hash } from '@tilewright/core/bytes';
import { LogError } from '../log-error.ts';
import type { Publication, Receipt } from './publication.ts';

/** One caller that waits for an entry. */
interface Waiter {
  readonly duplicate: boolean;
  resolve(receipt: Receipt): void;
  reject(error: LogError): void;
}

/** The text form of a leaf hash, for maps. */
export function hashKey(hash: Uint8Array): string {
  // Ten times as fast as spreading the bytes.
  return Reflect.apply(String.fromCharCode, undefined, hash);
}

/** One distinct entry on its way through the log, and everyone who waits for it. */
export class Ticket {
  readonly key: string;
  readonly leafHash: Hash;
  readonly length: number;
  /** The entry's bytes; given up once the backlog holds them. */
  data: Uint8Array | undefined;
  /** Known once the entry is durable. */
  index: number | undefined;
  /** The persistent index knew the entry: nobody here was first. */
  old = false;
  /** Everyone who waited got an answer; whoever joins now can get one at once. */
  settled = false;
  readonly #waiters = new Set<Waiter>();

  constructor(key: string, leafHash: Hash, data: Uint8Array) {
    this.key = key;
    this.leafHash = leafHash;
    this.data = data;
    this.length = data.length;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** Resolves when the entry is published. A signal lets go of this waiter alone: the entry and the others stay. */
  wait(duplicate: boolean, signal: AbortSignal | undefined): Promise<Receipt> {
    return new Promise<Receipt>((resolve, reject) => {
      if (signal === undefined) {
        this.#waiters.add({ duplicate, resolve, reject });
        return;
      }
      const leave = () => {
        this.#waiters.delete(waiter);
        reject(
          new LogError('aborted', 'the caller stopped waiting; the entry may be in the log', { cause: signal.reason }),
        );
      };
      const waiter: Waiter = {
        duplicate,
        resolve: (receipt) => {
          signal.removeEventListener('abort', leave);
          resolve(receipt);
        },
        reject: (error) => {
          signal.removeEventListener('abort', leave);
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Answers everyone. `proof` is for the one who was first. */
  settle(publication: Publication, proof: readonly Hash[] | undefined): void {
    const index = asLeafIndex(this.index ?? -1);
    for (const waiter of this.#waiters) {
      const duplicate = waiter.duplicate || this.old;
      waiter.resolve({ index, duplicate, publication, proof: duplicate ? undefined : proof });
    }
    this.#waiters.clear();
    this.settled = true;
  }

  /** Turns everyone away. */
  reject(error: LogError): void {
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
    this.settled = true;
  }
}
