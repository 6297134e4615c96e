import { equalBytes } from '@tilewright/core/bytes';
import { HASH_SIZE } from '@tilewright/core/hash';
import type { EngineState } from '../engine/engine-state.ts';
import type { Ticket } from '../intake/ticket.ts';
import { LogError } from '../log-error.ts';
import type { DedupeIndex } from '../ports/index.ts';
import { readHashTile } from '../reading/read-objects.ts';

/** What the persistent dedupe index says of a batch. */
export interface SortedBatch {
  readonly fresh: readonly Ticket[];
  readonly old: readonly { readonly ticket: Ticket; readonly index: number }[];
  /** It cannot be told right now; neither taking them for new nor failing those beside them would do. */
  readonly undecided: readonly { readonly ticket: Ticket; readonly error: LogError }[];
}

/** Finds the entries of `batch` that the log holds already. Throws 'pushback' when the index cannot be read: that is no miss. */
export async function sortBatch(
  state: EngineState,
  dedupe: DedupeIndex,
  batch: readonly Ticket[],
): Promise<SortedBatch> {
  const hits = await dedupe.find(batch.map((ticket) => ticket.leafHash)).catch((cause: unknown) => {
    throw refusal('the dedupe index cannot be read', cause);
  });
  const highest = hits.reduce<number>((max, index) => Math.max(max, index ?? -1), -1);
  if (highest < 0) return { fresh: batch, old: [], undecided: [] };
  const leaves = new StoredLeaves(state, await sizeBeyond(state, highest));
  const old: { ticket: Ticket; index: number }[] = [];
  const undecided: { ticket: Ticket; error: LogError }[] = [];
  await Promise.all(
    batch.map(async (ticket, at) => {
      const index = hits[at];
      if (index === undefined) return;
      try {
        if (await leaves.holds(index, ticket.leafHash)) old.push({ ticket, index });
        else state.deps.events.emit({ type: 'dedupe-mismatch', index });
      } catch (cause) {
        undecided.push({ ticket, error: refusal('the tile of what may be a duplicate cannot be read', cause) });
      }
    }),
  );
  const sorted = new Set([...old, ...undecided].map(({ ticket }) => ticket));
  return { fresh: batch.filter((ticket) => !sorted.has(ticket)), old, undecided };
}

function refusal(what: string, cause: unknown): LogError {
  if (cause instanceof LogError) return cause;
  return new LogError('pushback', `${what}; try again`, { reason: 'dedupe', cause });
}

/** The size of a committed tree that holds `index`, if there is one: another replica may have integrated more than we know of. */
async function sizeBeyond(state: EngineState, index: number): Promise<number> {
  if (index < state.committed.size) return state.committed.size;
  const head = await state.deps.sequence.head().catch((cause: unknown) => {
    throw refusal("the log's state cannot be read", cause);
  });
  state.next = Math.max(state.next, head.next);
  return head.tree.size;
}

/** The leaves of a tree of `size` as its tiles hold them: the dedupe index is a hint, they are the truth. Each tile is read once. */
class StoredLeaves {
  readonly #state: EngineState;
  readonly #size: number;
  readonly #tiles = new Map<number, Promise<Uint8Array>>();

  constructor(state: EngineState, size: number) {
    this.#state = state;
    this.#size = size;
  }

  async holds(index: number, leafHash: Uint8Array): Promise<boolean> {
    if (index >= this.#size) return false;
    const { width } = this.#state.shape;
    const tile = Math.floor(index / width);
    const reading = this.#tiles.get(tile) ?? this.#read(tile);
    this.#tiles.set(tile, reading);
    const at = (index % width) * HASH_SIZE;
    return equalBytes((await reading).subarray(at, at + HASH_SIZE), leafHash);
  }

  #read(index: number): Promise<Uint8Array> {
    const { deps, shape } = this.#state;
    const width = Math.min(shape.width, this.#size - index * shape.width);
    return readHashTile(deps.objects, { level: 0, index, width }, this.#size, { shape });
  }
}
