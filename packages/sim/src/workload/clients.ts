import { hasCode, type Log } from '@tilewright/log';
import type { Oracle } from '../oracle/oracle.ts';
import { entry } from '../world/entries.ts';
import type { Story } from '../world/story.ts';

/** The server that clients speak to. */
export interface Served {
  readonly log: Log;
  /** A process that is gone tells nobody anything. */
  readonly alive: boolean;
  /** Storage failed under it: it may say so. */
  readonly troubled: boolean;
}

/** What a client may be told without anything being wrong. */
const FAIR = ['pushback', 'storage-full', 'frozen', 'closing', 'outcome-unknown', 'aborted'] as const;

/** What says that the entry is not in the log. */
const NOT_IN = ['pushback', 'storage-full', 'frozen', 'closing'] as const;

/** Those who send entries in, and what they were told. */
export class Clients {
  readonly #oracle: Oracle;
  readonly #story: Story;
  #sent: number;
  /** How often each entry was sent in, by its number. */
  readonly #times: number[];
  /** How often it was refused with the word that it is not in the log. */
  readonly #refused: number[] = [];
  /** Answers that one process still owes. */
  readonly #owed = new Map<Served, number>();

  /** `sent`: entries that were sent in before. */
  constructor(oracle: Oracle, story: Story, sent: number) {
    this.#oracle = oracle;
    this.#story = story;
    this.#sent = sent;
    this.#times = Array.from({ length: sent }, () => 1);
  }

  /** Entries that were ever sent in. */
  get sent(): number {
    return this.#sent;
  }

  /** Answers that `server` still owes. */
  owedBy(server: Served): number {
    return this.#owed.get(server) ?? 0;
  }

  /** Sends a new entry in. */
  send(server: Served, signal?: AbortSignal): Promise<void> {
    return this.repeat(server, this.#sent++, signal);
  }

  /** Sends the `n`th entry in, once more if it was sent before. Resolves with its answer, whatever that is. */
  repeat(server: Served, n: number, signal?: AbortSignal): Promise<void> {
    const one = entry(n);
    const expectation = server.log.expect();
    this.#times[n] = (this.#times[n] ?? 0) + 1;
    this.#owe(server, 1);
    return server.log.add(one, { expectation, signal }).then(
      (receipt) => {
        this.#owe(server, -1);
        if (!server.alive) return;
        this.#story.count(receipt.duplicate ? 'answered: duplicate' : 'answered');
        if (receipt.publication.tree.size > this.#oracle.shown) this.#story.count('answered: ahead of publication');
        this.#story.tell(
          `entry ${n} is answered with index ${receipt.index}${receipt.duplicate ? ' (duplicate)' : ''}`,
        );
        this.#oracle.answered(one, receipt);
      },
      (error: unknown) => {
        this.#owe(server, -1);
        if (!server.alive) return;
        const why = hasCode(error, ...FAIR) ? error.code : String(error);
        this.#story.count(`refused: ${why}`);
        this.#story.tell(`entry ${n} is refused: ${why}`);
        if (hasCode(error, ...NOT_IN)) this.#refused[n] = (this.#refused[n] ?? 0) + 1;
        const dark = hasCode(error, 'outcome-unknown') && !server.troubled && server.log.status().unready === undefined;
        if (dark) this.#oracle.breach('P5', `nothing failed, and nobody knows whether entry ${n} is in the log`, error);
        const fair = hasCode(error, ...FAIR) || (server.troubled && hasCode(error, 'storage-failed'));
        if (!fair) this.#oracle.breach('P7', `entry ${n} was refused without a reason: ${String(error)}`, error);
      },
    );
  }

  /**
   * Holds the finished log to how often an entry may stand in it: 'once' where one process writes, which recognises
   * every duplicate; elsewhere as often as somebody sent it in, for an append that is asked again is no other append.
   */
  judge(entries: readonly Uint8Array[], most: 'once' | 'as-sent'): void {
    const found = new Map<string, number>();
    for (const data of entries) {
      const name = new TextDecoder().decode(data);
      found.set(name, (found.get(name) ?? 0) + 1);
    }
    for (const [n, sent] of this.#times.entries()) {
      const count = found.get(new TextDecoder().decode(entry(n).data)) ?? 0;
      if (count > 0 && this.#refused[n] === sent) {
        this.#oracle.breach('P7', `entry ${n} was refused each time, and stands in the log`);
      }
      if (count <= (most === 'once' ? 1 : sent)) continue;
      this.#oracle.breach('P5', `entry ${n} was sent in ${sent} times and stands in the log ${count} times`);
    }
  }

  #owe(server: Served, change: number): void {
    this.#owed.set(server, this.owedBy(server) + change);
  }
}
