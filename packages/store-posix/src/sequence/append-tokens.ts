import { encodeHex, type LeafIndex } from '@tilewright/core/bytes';
import type { Token } from '@tilewright/log/ports';

/** Batches whose tokens are remembered. A token is repeated within one retry, long before so many others came. */
const REMEMBERED = 256;

/** The index that each recent append got: what makes an append repeatable. */
export class AppendTokens {
  readonly #appends = new Map<string, Promise<LeafIndex>>();

  /** The append of this token if there was one, else the one that `start` begins. A failed append is forgotten. */
  once(token: Token, start: () => Promise<LeafIndex>): Promise<LeafIndex> {
    const key = encodeHex(token);
    const known = this.#appends.get(key);
    if (known !== undefined) return known;
    const append = start();
    this.#appends.set(key, append);
    append.catch(() => this.#appends.delete(key));
    for (const oldest of this.#appends.keys()) {
      if (this.#appends.size <= REMEMBERED) break;
      this.#appends.delete(oldest);
    }
    return append;
  }
}
