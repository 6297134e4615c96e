import type {
  CheckpointStore,
  DedupeIndex,
  ObjectStore,
  SequenceStore,
  SignedCheckpoints,
} from '@tilewright/log/ports';
import type { MemoryStore } from '@tilewright/store-memory';
import type { Surroundings } from '../machine/machine.ts';
import { type CallSort, errorOf, type Mishap, type Mishaps, mishapOf } from './ambiguity.ts';

/** What a store that several replicas share looks like to one of them. */
export interface RemotePorts {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly signedCheckpoints: SignedCheckpoints;
  readonly sequence: SequenceStore;
  readonly dedupe: DedupeIndex;
}

/** How calls travel. */
export interface Manner {
  /** Whether an answer takes its time as well: a caller then acts on what is old. */
  readonly answersTravel: boolean;
  /** Whether a caller may be killed right after a write took effect. */
  readonly killsAfterWrites: boolean;
}

/** As on a network. */
export const NETWORKED: Manner = { answersTravel: true, killsAfterWrites: false };

/** Whoever calls. */
interface Caller {
  readonly number: number;
  /** Kills the process. */
  readonly kill: () => void;
}

/** Calls that are the same whenever they happen: nothing comes before them that would not have come after. */
const INDIFFERENT = /^(create|look for duplicates|index from|collected)/;

/** A call that was given up on, and is still on its way: it happens when the schedule says so, whoever is gone by then. */
const NETWORK = {};

/**
 * Every call goes to the shared store and its answer comes back, each when the schedule lets it; on the way it may get
 * lost, be carried out unseen, or be carried out later.
 */
export class RemoteStore {
  readonly #store: MemoryStore;
  readonly #around: Surroundings;
  readonly #manner: Manner;
  /** Looks at the store after every change. */
  readonly #changed: () => void;

  constructor(store: MemoryStore, around: Surroundings, manner: Manner, changed: () => void) {
    this.#store = store;
    this.#around = around;
    this.#manner = manner;
    this.#changed = changed;
  }

  /** The ports of the process `owner`; `failed` is told of each mishap. */
  open(owner: Caller, mishaps: () => Mishaps, failed: () => void): RemotePorts {
    const { objects, checkpoints, signedCheckpoints, sequence, dedupe } = this.#store;
    const via = <T>(sort: CallSort, what: string, apply: () => Promise<T>): Promise<T> =>
      this.#call(owner, mishaps, failed, sort, what, apply);
    return {
      objects: {
        create: (path, bytes) => via('write', `create ${path}`, () => objects.create(path, bytes)),
        sync: () => objects.sync(),
        read: (path) => via('read', `read ${path}`, () => objects.read(path)),
        dropPartials: (of) => via('housekeeping', `drop the partials of ${of}`, () => objects.dropPartials(of)),
        isEmpty: () => via('read', 'look for objects', () => objects.isEmpty()),
      },
      checkpoints: {
        minIntervalMs: checkpoints.minIntervalMs,
        read: () => via('read', 'read the checkpoint', () => checkpoints.read()),
        replace: (note, expected) => via('write', 'replace the checkpoint', () => checkpoints.replace(note, expected)),
      },
      signedCheckpoints: {
        keep: (size, note) => via('write', `keep the checkpoint of ${size}`, () => signedCheckpoints.keep(size, note)),
      },
      sequence: {
        head: () => via('read', 'read the head', () => sequence.head()),
        append: (entries, token, signal) =>
          via('append', `append ${entries.length}`, () => sequence.append(entries, token, signal)),
        pending: (max) => via('read', 'read what is pending', () => sequence.pending(max)),
        advance: (from, to) => via('write', `advance to ${to.size}`, () => sequence.advance(from, to)),
        raiseSigned: (to, minAgeMs, ahead) =>
          via('write', `raise the floor to ${to.size}`, () => sequence.raiseSigned(to, minAgeMs, ahead)),
        release: (below) => via('housekeeping', `release below ${below}`, () => sequence.release(below)),
        collect: (from, to) => via('housekeeping', `collected ${from} to ${to}`, () => sequence.collect(from, to)),
        freeze: (atMs) => via('write', 'freeze', () => sequence.freeze(atMs)),
        changes: (signal) => sequence.changes(signal),
        room: () => sequence.room(),
        close: () => sequence.close(),
      },
      dedupe: {
        covered: () => via('housekeeping', 'ask what is indexed', () => dedupe.covered()),
        find: (ids) => via('housekeeping', 'look for duplicates', () => dedupe.find(ids)),
        add: (from, ids) => via('housekeeping', `index from ${from}`, () => dedupe.add(from, ids)),
        reset: () => dedupe.reset(),
        close: () => dedupe.close(),
      },
    };
  }

  async #call<T>(
    owner: Caller,
    mishaps: () => Mishaps,
    failed: () => void,
    sort: CallSort,
    what: string,
    apply: () => Promise<T>,
  ): Promise<T> {
    const { schedule, chooser, story } = this.#around;
    await schedule.step(owner, !INDIFFERENT.test(what));
    const mishap = mishapOf(chooser, mishaps(), sort);
    if (mishap !== undefined) {
      // An append whose outcome is unknown is asked again: it is no reason to stop.
      if (sort !== 'append' || mishap.endsWith('never answered')) failed();
      story.count(`call: ${mishap}`);
      story.tell(`${what} (process ${owner.number}): ${mishap}`);
      return this.#goWrong(owner, sort, mishap, apply);
    }
    const result = await this.#apply(apply);
    if (this.#manner.killsAfterWrites && sort !== 'read' && chooser.pick('crash', 2, 1) === 1) owner.kill();
    if (this.#manner.answersTravel) await schedule.step(owner);
    return result;
  }

  async #goWrong<T>(owner: Caller, sort: CallSort, mishap: Mishap, apply: () => Promise<T>): Promise<T> {
    const { schedule } = this.#around;
    if (mishap.startsWith('applied')) await this.#apply(apply).catch(() => undefined);
    if (mishap === 'late') void schedule.step(NETWORK).then(() => this.#apply(apply).catch(() => undefined));
    if (mishap.endsWith('never answered')) return new Promise<never>(() => {});
    if (this.#manner.answersTravel) await schedule.step(owner);
    throw errorOf(sort);
  }

  async #apply<T>(apply: () => Promise<T>): Promise<T> {
    try {
      return await apply();
    } finally {
      this.#changed();
    }
  }
}
