import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';

/** One thing that is wrong with a served object. */
export interface Damage {
  /** `checkpoint`, or the path of a tile or bundle. */
  readonly path: string;
  readonly what: string;
}

/** What a check of a whole log found. */
export interface FsckReport {
  /** Whether nothing is damaged. Strays and unpublished objects are no damage. */
  readonly ok: boolean;
  /** The checkpoint that everything was checked against; absent when it is the checkpoint that is damaged. */
  readonly checkpoint?: OpenedCheckpoint;
  /** Objects that were read and compared. */
  readonly checked: {
    readonly entries: number;
    readonly bundles: number;
    readonly tiles: number;
    readonly partials: number;
  };
  /** In the order found, at most {@link MAX_LISTED}. */
  readonly damage: readonly Damage[];
  readonly damageCount: number;
  /** Files that no part of a log has the name of, at most {@link MAX_LISTED}: temporary files, say. */
  readonly strays: readonly string[];
  readonly strayCount: number;
  /**
   * Tiles and bundles beyond the checkpoint's size, at most {@link MAX_LISTED}: what a running server has written and
   * not yet published, or a stopped one left. As far as the checkpoint covers them they were compared.
   */
  readonly unpublished: readonly string[];
  readonly unpublishedCount: number;
}

/** How many paths each list of a report holds at most; the counts go on. */
export const MAX_LISTED = 1000;

/** Collects findings while a check runs. */
export class Findings {
  readonly #damage = new BoundedList<Damage>();
  readonly #strays = new BoundedList<string>();
  readonly #unpublished = new BoundedList<string>();
  readonly checked = { entries: 0, bundles: 0, tiles: 0, partials: 0 };

  damage(path: string, what: string): void {
    this.#damage.add({ path, what });
  }

  stray(path: string): void {
    this.#strays.add(path);
  }

  unpublished(path: string): void {
    this.#unpublished.add(path);
  }

  report(checkpoint: OpenedCheckpoint | undefined): FsckReport {
    return {
      ok: this.#damage.count === 0,
      ...(checkpoint && { checkpoint }),
      checked: { ...this.checked },
      damage: this.#damage.items,
      damageCount: this.#damage.count,
      strays: this.#strays.items,
      strayCount: this.#strays.count,
      unpublished: this.#unpublished.items,
      unpublishedCount: this.#unpublished.count,
    };
  }
}

class BoundedList<T> {
  readonly items: T[] = [];
  count = 0;

  add(item: T): void {
    this.count += 1;
    if (this.items.length < MAX_LISTED) this.items.push(item);
  }
}
