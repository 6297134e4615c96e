import { createHash } from 'node:crypto';
import { describe, isCreated, isDuplicate, type WriteAnswer } from '../clients/answer.ts';

interface Leaf {
  index: number | undefined;
  isMade: boolean;
}

/** Which entries the log was given: each one is made once, and has one index for ever. */
export class LeafLedger {
  readonly #leaves = new Map<string, Leaf>();

  /** Judges the answer to a submission of a good entry; says what is wrong with it, or nothing. */
  judge(body: Uint8Array, answer: WriteAnswer): string | undefined {
    const leaf = this.#leaf(body);
    if (!isCreated(answer) && !isDuplicate(answer)) return `a good entry was answered ${describe(answer)}`;
    if (answer.index === undefined) return `${describe(answer)} names no index`;
    if (leaf.index !== undefined && leaf.index !== answer.index) {
      return `an entry has the indexes ${leaf.index} and ${answer.index}`;
    }
    leaf.index = answer.index;
    if (!isCreated(answer)) return undefined;
    if (leaf.isMade) return `index ${answer.index} was created twice`;
    leaf.isMade = true;
    return Buffer.compare(body, answer.body ?? Buffer.alloc(0)) === 0
      ? undefined
      : `index ${answer.index} has another body`;
  }

  /** Whether some submission of the entry was told that it made it. */
  isMade(body: Uint8Array): boolean {
    return this.#leaf(body).isMade;
  }

  #leaf(body: Uint8Array): Leaf {
    const key = createHash('sha256').update(body).digest('base64');
    const leaf = this.#leaves.get(key) ?? { index: undefined, isMade: false };
    this.#leaves.set(key, leaf);
    return leaf;
  }
}
