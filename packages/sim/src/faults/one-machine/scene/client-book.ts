import { encodeHex } from '@tilewright/core/bytes';
import { hasCode, type LogErrorCode, type NewEntry } from '@tilewright/log';
import type { Life } from '../../../machine/machine.ts';
import type { Oracle } from '../../../oracle/oracle.ts';
import { entry } from '../../../world/entries.ts';
import type { Story } from '../../../world/story.ts';

/** What a client was told: where its entry is, or why it was refused; nothing when the process was gone first. */
export interface Answer {
  readonly index?: number;
  readonly duplicate?: boolean;
  readonly refused?: string;
}

/** What a client may be told without anything being wrong. */
const FAIR: readonly LogErrorCode[] = ['pushback', 'storage-full', 'frozen', 'closing', 'outcome-unknown', 'aborted'];

/** Everything that clients ever sent in, and the one index that each entry was answered with. */
export class ClientBook {
  readonly #oracle: Oracle;
  readonly #story: Story;
  readonly #sent = new Map<string, NewEntry>();
  readonly #answers = new Map<string, number>();

  /** `published`: entries that the log holds already, each at the index of its number. */
  constructor(oracle: Oracle, story: Story, published: number) {
    this.#oracle = oracle;
    this.#story = story;
    for (let n = 0; n < published; n++) {
      const one = entry(n);
      this.#sent.set(encodeHex(one.leafHash), one);
      this.#answers.set(encodeHex(one.leafHash), n);
    }
  }

  /** Entries that were ever sent in. */
  get sent(): readonly NewEntry[] {
    return [...this.#sent.values()];
  }

  /** How many of them were answered with an index. */
  get answered(): number {
    return this.#answers.size;
  }

  /** A book that holds the same, for a history that goes on from here in another way. */
  copy(oracle: Oracle, story: Story): ClientBook {
    const copy = new ClientBook(oracle, story, 0);
    for (const [id, one] of this.#sent) copy.#sent.set(id, one);
    for (const [id, index] of this.#answers) copy.#answers.set(id, index);
    return copy;
  }

  /** Sends `one` in, perhaps once more. Resolves with the answer, or when the process is gone. */
  send(life: Life, one: NewEntry): Promise<Answer> {
    const id = encodeHex(one.leafHash);
    this.#sent.set(id, one);
    const expectation = life.log.expect();
    const answer = life.log.add(one, { expectation }).then(
      (receipt): Answer => {
        if (!life.alive) return {};
        const { index, duplicate } = receipt;
        this.#story.tell(`an entry is answered with index ${index}${duplicate ? ' (duplicate)' : ''}`);
        this.#oracle.answered(one, receipt);
        const before = this.#answers.get(id) ?? index;
        if (before !== index) this.#oracle.breach('P1', `one entry was answered with index ${before}, then ${index}`);
        this.#answers.set(id, index);
        return { index, duplicate };
      },
      (error: unknown): Answer => {
        if (!life.alive) return {};
        const refused = hasCode(error, ...FAIR) ? error.code : String(error);
        this.#story.tell(`an entry is refused: ${refused}`);
        const fair = hasCode(error, ...FAIR) || (life.troubled && hasCode(error, 'storage-failed'));
        if (!fair) this.#oracle.breach('P7', `an entry was refused without a reason: ${refused}`, error);
        return { refused };
      },
    );
    return Promise.race([answer, life.died.then(() => ({}))]);
  }
}
