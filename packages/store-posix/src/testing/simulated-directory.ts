import type { SimulatedFile } from './simulated-inode.ts';

/** Anything that a name can stand for. */
export type SimulatedInode = SimulatedFile | SimulatedDirectory;

/** One change of a directory's names; a rename within the directory is one change, as journals make it. */
interface NameChange {
  readonly set?: readonly [name: string, inode: SimulatedInode];
  readonly remove?: string;
}

function apply(names: Map<string, SimulatedInode>, change: NameChange): void {
  if (change.remove !== undefined) names.delete(change.remove);
  if (change.set !== undefined) names.set(change.set[0], change.set[1]);
}

/** A directory of the simulated disk: the names that programs see, and those that a power loss would leave. */
export class SimulatedDirectory {
  readonly kind = 'directory' as const;
  readonly id: number;
  readonly permissions: number;
  readonly names: Map<string, SimulatedInode> = new Map();
  #durable = new Map<string, SimulatedInode>();
  #unsynced: NameChange[] = [];

  constructor(id: number, permissions: number) {
    this.id = id;
    this.permissions = permissions;
  }

  /** Gives `name` to `inode`, taking `remove` away in the same stroke. */
  set(name: string, inode: SimulatedInode, remove?: string): void {
    this.#change({ set: [name, inode], ...(remove === undefined ? {} : { remove }) });
  }

  remove(name: string): void {
    this.#change({ remove: name });
  }

  /** What `name` stands for after a power loss that keeps nothing that was not synced. */
  durable(name: string): SimulatedInode | undefined {
    return this.#durable.get(name);
  }

  sync(): void {
    this.#durable = new Map(this.names);
    this.#unsynced = [];
  }

  /** After a power loss: of the changes that were not synced, whatever `keep` says; then the same below. */
  loseUnsynced(keep: () => boolean): void {
    for (const change of this.#unsynced) if (keep()) apply(this.#durable, change);
    this.#unsynced = [];
    this.names.clear();
    for (const [name, inode] of this.#durable) this.names.set(name, inode);
  }

  /** Another directory with the same names, durable and not; `copyOf` gives the copy of each inode. */
  clone(copyOf: (inode: SimulatedInode) => SimulatedInode): SimulatedDirectory {
    const copy = new SimulatedDirectory(this.id, this.permissions);
    for (const [name, inode] of this.names) copy.names.set(name, copyOf(inode));
    for (const [name, inode] of this.#durable) copy.#durable.set(name, copyOf(inode));
    copy.#unsynced = this.#unsynced.map(({ set, remove }) => ({
      ...(set === undefined ? {} : { set: [set[0], copyOf(set[1])] as const }),
      ...(remove === undefined ? {} : { remove }),
    }));
    return copy;
  }

  #change(change: NameChange): void {
    apply(this.names, change);
    this.#unsynced.push(change);
  }
}
