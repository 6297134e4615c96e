/** Counts by group and kind. */
export class Tally {
  readonly #groups = new Map<string, Map<string, number>>();

  /** Counts one more of a kind. */
  count(group: string, kind: string, by = 1): void {
    const kinds = this.#groups.get(group) ?? new Map<string, number>();
    kinds.set(kind, (kinds.get(kind) ?? 0) + by);
    this.#groups.set(group, kinds);
  }

  /** The kinds of a group, by name. */
  of(group: string): Readonly<Record<string, number>> {
    return Object.fromEntries([...(this.#groups.get(group) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** All of a group together. */
  total(group: string): number {
    return [...(this.#groups.get(group)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }
}
