import { intCell } from '../rpc/cells.ts';
import type { SpannerConnection } from '../spanner-connection.ts';

/**
 * Deletes sequenced copies. Calls that come too soon are remembered, and the next one makes up for them. One call of Spanner;
 * a delete may be repeated as it is.
 */
export class Releases {
  readonly #connection: SpannerConnection;
  #released = 0;
  #due = 0;
  readonly #everyMs: number;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** `everyMs`: rows are deleted no more often, milliseconds. A delete of many costs as much as one of few. */
  constructor(connection: SpannerConnection, everyMs: number) {
    this.#connection = connection;
    this.#everyMs = everyMs;
  }

  async below(size: number): Promise<void> {
    this.#due = Math.max(this.#due, size);
    const now = this.#connection.clock.monotonicMs();
    if (this.#due <= this.#released || now - this.#lastMs < this.#everyMs) return;
    this.#lastMs = now;
    const to = this.#due;
    // From where the last delete ended: Spanner would step over all that it has not yet cleared away behind it.
    const range = { startClosed: { values: [intCell(this.#released)] }, endOpen: { values: [intCell(to)] } };
    const table = this.#connection.table('Seq');
    await this.#connection.retry('release', () =>
      this.#connection.write([{ delete: { table, keySet: { ranges: [range] } } }]),
    );
    this.#released = Math.max(this.#released, to);
  }
}
