import { parseCheckpoint } from '@tilewright/core/checkpoint';
import type { Tree } from '@tilewright/core/merkle';

/** A place in a recording: how many of its marks came before. */
export type Moment = number;

/** A client was told that its entry is at this index, in a published tree of this size. */
export interface Answer {
  readonly at: Moment;
  readonly index: number;
  readonly data: Uint8Array;
  readonly size: number;
}

/** The log's key was used on this tree: from then on its checkpoint may be in the world. */
export interface SignedTree {
  readonly at: Moment;
  readonly tree: Tree;
}

/** A path below `tile/` got its name: from then on a reader may have its bytes. */
export interface ServedObject {
  readonly at: Moment;
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Everything that a log has told anybody. */
export interface Promises {
  readonly answers: readonly Answer[];
  readonly signed: readonly SignedTree[];
  readonly served: readonly ServedObject[];
}

/** Nothing was told yet. */
export const NO_PROMISES: Promises = { answers: [], signed: [], served: [] };

/** Writes down what a running log tells, and when. */
export class PromiseBook implements Promises {
  readonly answers: Answer[] = [];
  readonly signed: SignedTree[] = [];
  readonly served: ServedObject[] = [];
  readonly #now: () => Moment;

  constructor(now: () => Moment) {
    this.#now = now;
  }

  answer(index: number, data: Uint8Array, size: number): void {
    this.answers.push({ at: this.#now(), index, data, size });
  }

  sign(text: Uint8Array): void {
    const { size, root } = parseCheckpoint(text);
    this.signed.push({ at: this.#now(), tree: { size, root } });
  }

  serve(path: string, bytes: Uint8Array): void {
    this.served.push({ at: this.#now(), path, bytes });
  }
}

/** What had been told when the recording held `moment` marks. */
export function promisedBy({ answers, signed, served }: Promises, moment: Moment): Promises {
  const given = ({ at }: { readonly at: Moment }): boolean => at <= moment;
  return { answers: answers.filter(given), signed: signed.filter(given), served: served.filter(given) };
}

/** The promises of two lives of a log, one after the other. */
export function bothPromises(first: Promises, second: Promises): Promises {
  return {
    answers: [...first.answers, ...second.answers],
    signed: [...first.signed, ...second.signed],
    served: [...first.served, ...second.served],
  };
}

/** The same promises at other places: for recordings whose marks are numbered later. */
export function movePromises({ answers, signed, served }: Promises, to: (at: Moment) => Moment): Promises {
  const move = <T extends { readonly at: Moment }>(told: readonly T[]): T[] =>
    told.map((one) => ({ ...one, at: to(one.at) }));
  return { answers: move(answers), signed: move(signed), served: move(served) };
}
