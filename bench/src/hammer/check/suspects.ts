import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import type { Judge } from './judge.ts';
import type { LeafWindow } from './leaf-window.ts';
import type { Promised } from './promises.ts';

/** An entry that is elsewhere may be in a tree that is yet to come. */
const PATIENCE_MS = 2_000;

/** Answered indexes at which the log holds another entry: where is the one that was sent? */
export class Suspects {
  readonly #judge: Judge;
  #waiting: { readonly promised: Promised; readonly sinceMs: number }[] = [];

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** The log holds another entry than this at its index. */
  add(promised: Promised): void {
    this.#waiting.push({ promised, sinceMs: performance.now() });
  }

  /** Looks for them among the entries that were read; with `isLast`, nothing more will be. */
  judge(window: LeafWindow, { note }: OpenedCheckpoint, isLast: boolean): void {
    this.#waiting = this.#waiting.filter(({ promised, sinceMs }) => {
      if (this.#judge.broken.aborted) return false;
      const { index, leafHash, entry } = promised;
      const place = window.find(leafHash);
      if (place === undefined && !isLast && performance.now() - sinceMs < PATIENCE_MS) return true;
      const evidence = { 'checkpoint-later': note, index: String(index), ...(entry && { 'entry-sent': entry }) };
      if (place === undefined) {
        const message = `index ${index} was answered for an entry, and the log holds another there`;
        this.#judge.report('entry-lost', message, evidence);
      } else {
        const message = `index ${index} was answered for the entry that is at ${place}`;
        this.#judge.report('wrong-index', message, evidence);
      }
      return false;
    });
  }
}
