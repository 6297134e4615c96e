import type { ObjectWrite } from '@tilewright/core/builder';
import { type FullTilePath, fullPath } from '@tilewright/core/tiles';

/**
 * Which partials there are of tiles that will be full some day, as far as this process wrote all of them: then they are
 * removed without looking for them, which on a billed store costs more than the removal.
 */
export class PartialWidths {
  readonly #widths = new Map<FullTilePath, Set<number>>();
  #knownFrom: number;

  /** `next` is the index that is sequenced next: partials of whatever lies below may have been written by others. */
  constructor(next: number) {
    this.#knownFrom = next;
  }

  /** Objects were written by this process, whether or not it then moved the tree. */
  wrote(writes: readonly ObjectWrite[]): void {
    for (const { path } of writes) {
      const width = /\.p\/(\d+)$/.exec(path)?.[1];
      if (width === undefined) continue;
      const full = fullPath(path);
      const widths = this.#widths.get(full);
      if (widths === undefined) this.#widths.set(full, new Set([Number(width)]));
      else widths.add(Number(width));
    }
  }

  /** Another process writes objects too: of tiles that begin below `next`, who knows which. */
  othersWrote(next: number): void {
    this.#knownFrom = Math.max(this.#knownFrom, next);
    this.#widths.clear();
  }

  /** The widths of all partials of a tile whose first entry is `start`, and forgets them; `undefined` when unknown. */
  take(full: FullTilePath, start: number): readonly number[] | undefined {
    const widths = this.#widths.get(full);
    this.#widths.delete(full);
    return start < this.#knownFrom ? undefined : [...(widths ?? [])];
  }
}
