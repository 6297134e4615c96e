import { concatBytes, encodeUtf8, type Hash } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import { hasCode, LogError } from '@tilewright/log';
import type { Clock, SequenceStore, Token } from '@tilewright/log/ports';
import { CommandError } from '../cli/command-error.ts';

const LABEL = encodeUtf8('tilewright log migrate\n');
const TOKEN_BYTES = 16;
const TRIES = 8;
const FIRST_PAUSE_MS = 100;

/**
 * The token of the append that begins at an index. It does not depend on how many entries follow, so that of all attempts to
 * append there, by this run, a killed one or another process, one takes effect.
 */
export function migrationToken(logId: Hash, first: number): Token {
  const index = new Uint8Array(8);
  new DataView(index.buffer).setBigUint64(0, BigInt(first));
  return sha256(concatBytes(LABEL, logId, index)).slice(0, TOKEN_BYTES) as Uint8Array as Token;
}

/** Appends entries at exactly the indexes that they have in the source. */
export class CopySequencer {
  readonly #sequence: SequenceStore;
  readonly #logId: Hash;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #signal: AbortSignal;
  #sent: number;
  #strangersBelow = 0;

  /** @param integrated size of the tree that is integrated: what is sequenced beyond it was not sent by this run */
  constructor(
    sequence: SequenceStore,
    logId: Hash,
    integrated: number,
    world: { readonly clock: Pick<Clock, 'sleep'>; readonly signal: AbortSignal },
  ) {
    this.#sequence = sequence;
    this.#logId = logId;
    this.#clock = world.clock;
    this.#signal = world.signal;
    this.#sent = integrated;
  }

  /** Below this index the store may hold what somebody else appended: to be compared before it counts. */
  get strangersBelow(): number {
    return this.#strangersBelow;
  }

  /**
   * On return the store holds as many entries as `first + entries.length`, durably; what it held of them before stays.
   *
   * @throws CommandError 'failed' when somebody else appends to the store; LogError as the store does
   */
  async append(first: number, entries: readonly Uint8Array[]): Promise<void> {
    const end = first + entries.length;
    for (;;) {
      // Read anew each time: the token of an append is right only for the index that is really next.
      const { next } = await this.#sequence.head();
      this.#noteStrangers(next);
      if (next >= end) return;
      if (next < first) throw elsewhere(first, next);
      const at = await this.#appendAt(next, entries.slice(next - first));
      if (at !== next) throw elsewhere(next, at);
      this.#sent = end;
    }
  }

  #noteStrangers(next: number): void {
    // Less than was sent: an earlier attempt of fewer entries had taken effect under the same token.
    if (next !== this.#sent) this.#strangersBelow = Math.max(this.#strangersBelow, next);
    this.#sent = next;
  }

  async #appendAt(first: number, entries: readonly Uint8Array[]): Promise<number> {
    const token = migrationToken(this.#logId, first);
    for (let tries = 1; ; tries++) {
      try {
        return await this.#sequence.append(entries, token, this.#signal);
      } catch (error) {
        // The same token again: nobody knows whether the entries are there, and they must not be there twice.
        if (tries === TRIES || !hasCode(error, 'outcome-unknown', 'pushback')) throw error;
        await this.#clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1), this.#signal);
        if (this.#signal.aborted) throw new LogError('aborted', 'the migration was stopped');
      }
    }
  }
}

function elsewhere(wanted: number, found: number): CommandError {
  return new CommandError(
    'failed',
    `an entry was to get index ${wanted} and the destination went on at ${found}: somebody else writes to it. Nothing was published; stop them, and begin again with an empty destination`,
  );
}
