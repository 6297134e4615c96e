import type { PromiseName } from '../oracle/violation.ts';

/** A hole of the commit protocols that a rule closes, as the reference numbers them. */
export type HoleName = 'H1' | 'H2' | 'H3' | 'H4' | 'H5' | 'H6' | 'H7';

/** Where a mutation is to be caught: in histories of one machine, of replicas, of a log with witnesses, of one that answers when it has signed, or by a test that tells one story. */
export type World = 'machine' | 'replicas' | 'witnessed' | 'signed' | 'test';

/** One rule of the commit protocols, taken away: a piece of source text and what stands there instead. */
export interface Mutation {
  /** kebab-case; says what is left out or swapped. */
  readonly name: string;
  /** Relative to the repository. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What nobody could rely on any more. */
  readonly breaks: readonly (PromiseName | HoleName)[];
  /** A second place in the same file, where one alone would only make the file contradict itself. */
  readonly also?: { readonly find: string; readonly replace: string };
  readonly world: World;
  /** The file of the test, relative to the repository; of the world 'test'. */
  readonly test?: string;
  /** Why nothing can catch it and the rule stays all the same: a second line of defence, and what the first one is. */
  readonly settled?: string;
}

/** The source with the mutation in it. Throws unless each text to be found stands there exactly once. */
export function mutate(source: string, { name, file, find, replace, also }: Mutation): string {
  const edits = [{ find, replace }, ...(also === undefined ? [] : [also])];
  return edits.reduce((text, edit) => {
    const parts = text.split(edit.find);
    if (parts.length !== 2) {
      throw new Error(`${name}: the text to be replaced stands ${parts.length - 1} times in ${file}: mend the list`);
    }
    if (edit.find === edit.replace) throw new Error(`${name}: it changes nothing`);
    return parts.join(edit.replace);
  }, source);
}
