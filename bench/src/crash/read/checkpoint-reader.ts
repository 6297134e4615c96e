import { type OpenedCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import type { LogVerifier } from '@tilewright/signer';
import type { Ledger } from '../judge/ledger.ts';
import type { TileSource } from './tile-source.ts';

/** Opens checkpoints of one log and tells the ledger; each distinct note is verified once. */
export class CheckpointReader {
  readonly #log: LogVerifier;
  readonly #ledger: Ledger;
  readonly #opened = new Map<string, OpenedCheckpoint>();

  constructor(log: LogVerifier, ledger: Ledger) {
    this.#log = log;
    this.#ledger = ledger;
  }

  /** Verifies a note and records what it states. Throws when it is no checkpoint of this log. */
  open(note: Uint8Array): OpenedCheckpoint {
    const text = Buffer.from(note).toString('latin1');
    const known = this.#opened.get(text);
    if (known !== undefined) return known;
    const checkpoint = openCheckpoint(note, this.#log.origin, this.#log.verifier);
    this.#opened.set(text, checkpoint);
    this.#ledger.checkpoint(checkpoint.size, checkpoint.root);
    return checkpoint;
  }

  /** Reads the published checkpoint, which must cover whatever was promised before; undefined when there is none. */
  async published(source: TileSource): Promise<OpenedCheckpoint | undefined> {
    const promised = this.#ledger.promised();
    const note = await source.read('checkpoint');
    if (note === undefined) {
      this.#ledger.violate('there is no checkpoint');
      return undefined;
    }
    const checkpoint = this.open(note);
    this.#ledger.published(checkpoint.size, promised);
    return checkpoint;
  }
}
