import { equalBytes } from '@tilewright/core/bytes';
import { type OpenedCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import type { LogVerifier } from '@tilewright/signer';
import type { CheckCounts } from './check-counts.ts';
import type { Judge } from './judge.ts';

const KEPT_NOTES = 256;

/** The checkpoints that were seen: each is verified once, and waits for its tree to be compared. */
export class CheckpointBook {
  readonly #log: LogVerifier;
  readonly #judge: Judge;
  readonly #counts: CheckCounts;
  /** By their text; the oldest goes first. */
  readonly #opened = new Map<string, OpenedCheckpoint>();
  readonly #waiting = new Map<number, OpenedCheckpoint>();
  #largest: OpenedCheckpoint;

  /** @param first the checkpoint that the run begins with, verified */
  constructor(log: LogVerifier, first: OpenedCheckpoint, judge: Judge, counts: CheckCounts) {
    this.#log = log;
    this.#largest = first;
    this.#judge = judge;
    this.#counts = counts;
  }

  /** The largest checkpoint seen so far. */
  get largest(): OpenedCheckpoint {
    return this.#largest;
  }

  /** Opens a note that came from the log; a bad one is reported, and gives undefined. */
  open(note: Uint8Array, from: string): OpenedCheckpoint | undefined {
    const text = Buffer.from(note).toString('latin1');
    const known = this.#opened.get(text);
    if (known !== undefined) return known;
    try {
      const checkpoint = openCheckpoint(note, this.#log.origin, this.#log.verifier);
      this.#counts.signatures++;
      this.#opened.set(text, checkpoint);
      if (this.#opened.size > KEPT_NOTES) this.#opened.delete(this.#opened.keys().next().value ?? '');
      this.#add(checkpoint);
      return checkpoint;
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      const message = `a checkpoint ${from} is not one that ${this.#log.origin} signed: ${error.message}`;
      this.#judge.report('checkpoint-signature', message, {
        'checkpoint-earlier': this.#largest.note,
        'checkpoint-bad': note,
      });
      return undefined;
    }
  }

  /** Takes the checkpoints up to a size out, those of the smallest trees first. */
  take(size: number): OpenedCheckpoint[] {
    const ready = [...this.#waiting.values()].filter((checkpoint) => checkpoint.size <= size);
    for (const checkpoint of ready) this.#waiting.delete(checkpoint.size);
    return ready.sort((a, b) => a.size - b.size);
  }

  #add(checkpoint: OpenedCheckpoint): void {
    const { size, root, note } = checkpoint;
    const twin = this.#waiting.get(size);
    if (twin === undefined) this.#waiting.set(size, checkpoint);
    else if (!equalBytes(twin.root, root)) {
      this.#judge.report('checkpoint-inconsistent', `two roots are signed for a tree of ${size} entries`, {
        'checkpoint-earlier': twin.note,
        'checkpoint-later': note,
      });
    }
    if (size > this.#largest.size) this.#largest = checkpoint;
  }
}
