import type { Hash } from '@tilewright/core/bytes';

interface Entry {
  /** Index that an answer named, or that the log holds it at. */
  index: number | undefined;
  /** Index at which the last reading of the whole log met it. */
  met: number | undefined;
  /** An answer said that its request made the entry. */
  isMade: boolean;
  /** Nothing that was sent whole may make it. */
  isRefused: boolean;
}

/** Every entry that was ever sent, by leaf hash: where it is, and that it is there once or never. */
export class EntryBook {
  readonly #entries = new Map<string, Entry>();
  readonly #isExact: boolean;

  /** `isExact`: the log promises that an entry has one index for ever, across restarts. */
  constructor(isExact: boolean) {
    this.#isExact = isExact;
  }

  /** A good request for this leaf goes out. Returns the index that it must be answered with, if there is one already. */
  send(leaf: Hash): number | undefined {
    const entry = this.#entry(leaf);
    entry.isRefused = false;
    return this.#isExact ? entry.index : undefined;
  }

  /** A request goes out that may not make this leaf: it is bad, or never whole. */
  refuse(leaf: Hash): void {
    const key = keyOf(leaf);
    if (!this.#entries.has(key)) this.#entries.set(key, { ...unknown(), isRefused: true });
  }

  /**
   * An answer named an index for this leaf. `known` is what `send` returned for its request.
   * Says what is wrong with it, or nothing.
   */
  answered(leaf: Hash, index: number, isCreated: boolean, known: number | undefined): string | undefined {
    const entry = this.#entry(leaf);
    const { index: earlier, isMade } = entry;
    entry.index ??= index;
    if (isCreated) entry.isMade = true;
    if (!this.#isExact) return undefined;
    if (earlier !== undefined && earlier !== index) return `an entry has the indexes ${earlier} and ${index}`;
    if (!isCreated) return undefined;
    if (isMade) return `index ${index} was created twice`;
    return known === undefined ? undefined : `index ${index} was known, and then created`;
  }

  /** The log holds this leaf at this index. Says what is wrong with that, or nothing. */
  met(leaf: Hash, index: number): string | undefined {
    const entry = this.#entries.get(keyOf(leaf));
    if (entry === undefined) return `index ${index} holds an entry that nobody sent`;
    if (entry.isRefused) return `index ${index} holds an entry that was refused or never sent whole`;
    const { met: earlier } = entry;
    entry.met = index;
    entry.index ??= index;
    if (!this.#isExact || earlier === undefined || earlier === index) return undefined;
    return `index ${index} repeats the entry of index ${earlier}`;
  }

  #entry(leaf: Hash): Entry {
    const key = keyOf(leaf);
    const entry = this.#entries.get(key) ?? unknown();
    this.#entries.set(key, entry);
    return entry;
  }
}

function unknown(): Entry {
  return { index: undefined, met: undefined, isMade: false, isRefused: false };
}

function keyOf(leaf: Hash): string {
  return Buffer.from(leaf).toString('latin1');
}
