import type { NoteSigner } from '@tilewright/core/note';
import type { CheckpointStore, DedupeIndex, ObjectStore, SequenceStore } from '@tilewright/log/ports';

/** The calls of a replica that a scenario can have a hand in. */
export interface Methods {
  readonly create: ObjectStore['create'];
  readonly readObject: ObjectStore['read'];
  readonly readCheckpoint: CheckpointStore['read'];
  readonly replace: CheckpointStore['replace'];
  readonly head: SequenceStore['head'];
  readonly append: SequenceStore['append'];
  readonly pending: SequenceStore['pending'];
  readonly advance: SequenceStore['advance'];
  readonly raiseSigned: SequenceStore['raiseSigned'];
  readonly release: SequenceStore['release'];
  readonly find: DedupeIndex['find'];
  readonly index: DedupeIndex['add'];
  readonly sign: NoteSigner['sign'];
}

/** The name of a call. */
export type Call = keyof Methods;
/** What a call comes to. */
export type Answer<C extends Call> = { readonly [Name in Call]: Awaited<ReturnType<Methods[Name]>> }[C];
/** Whether a call is the one that is meant. */
export type Which<C extends Call> = (...args: Parameters<Methods[C]>) => boolean;
/**
 * Takes the place of a call: what it returns or throws is what the caller is told. `apply` carries the call out, at
 * once or later, once or again, whether or not the caller is still there.
 */
export type Twist<C extends Call> = (
  apply: () => Promise<Answer<C>>,
  ...args: Parameters<Methods[C]>
) => Promise<Answer<C>>;

interface Entry<C extends Call> {
  readonly which: Which<C>;
  readonly twist: Twist<C>;
  readonly once: boolean;
}

type Entries = { [C in Call]?: Entry<C>[] };

/** A call that waits until the scenario lets it go. */
export interface Hold {
  /** Resolves when the call is there. */
  readonly reached: Promise<void>;
  letGo(): void;
}

const any = (): boolean => true;

/** What becomes of the calls of one replica. Calls of which it says nothing are carried out. */
export class Script {
  readonly #entries: Entries = {};

  /** The next call of this name (that is meant) is twisted. */
  once<C extends Call>(name: C, twist: Twist<C>, which: Which<C> = any): void {
    this.#add(name, { which, twist, once: true });
  }

  /** Every call of this name (that is meant) is twisted. */
  always<C extends Call>(name: C, twist: Twist<C>, which: Which<C> = any): void {
    this.#add(name, { which, twist, once: false });
  }

  /** The next call of this name (that is meant) waits before it is carried out. */
  hold<C extends Call>(name: C, which: Which<C> = any): Hold {
    return this.#hold(name, which, (apply, wait) => wait().then(apply));
  }

  /** The next call of this name (that is meant) is carried out, and its answer waits. */
  holdAnswer<C extends Call>(name: C, which: Which<C> = any): Hold {
    return this.#hold(name, which, (apply, wait) => apply().then((answer) => wait().then(() => answer)));
  }

  /** Nothing is twisted any more; whoever waits goes on waiting. */
  clear(): void {
    for (const name of Object.keys(this.#entries)) Reflect.deleteProperty(this.#entries, name);
  }

  /** A call is made. */
  call<C extends Call>(name: C, args: Parameters<Methods[C]>, apply: () => Promise<Answer<C>>): Promise<Answer<C>> {
    const entries: Entry<C>[] = this.#entries[name] ?? [];
    const entry = entries.find(({ which }) => which(...args));
    if (entry === undefined) return apply();
    if (entry.once) entries.splice(entries.indexOf(entry), 1);
    return entry.twist(apply, ...args);
  }

  #hold<C extends Call>(
    name: C,
    which: Which<C>,
    twist: (apply: () => Promise<Answer<C>>, wait: () => Promise<void>) => Promise<Answer<C>>,
  ): Hold {
    const reached = Promise.withResolvers<void>();
    const goes = Promise.withResolvers<void>();
    const wait = (): Promise<void> => {
      reached.resolve();
      return goes.promise;
    };
    this.once(name, (apply, ..._args) => twist(apply, wait), which);
    return { reached: reached.promise, letGo: goes.resolve };
  }

  #add<C extends Call>(name: C, entry: Entry<C>): void {
    const entries: Entry<C>[] = this.#entries[name] ?? [];
    entries.push(entry);
    Object.assign(this.#entries, { [name]: entries });
  }
}
