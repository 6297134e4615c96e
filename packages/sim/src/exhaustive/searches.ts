import type { Budget } from '../choice/depth-first-chooser.ts';
import type { World } from '../history/worlds.ts';

/** A set of histories that is gone through to the last one. */
export interface Search {
  readonly name: string;
  readonly world: World;
  /** How many decisions of each kind may be other than plain in one history. */
  readonly budget: Budget;
}

/** What the exhaustive mode goes through. */
export const SEARCHES: readonly Search[] = [
  {
    name: 'two replicas, three batches: two interruptions, one kill, one call of unknown outcome',
    world: 'small-replicas',
    budget: { order: 2, crash: 1, fault: 1 },
  },
  {
    name: 'two replicas, two batches, a freeze: two interruptions, one kill, one call of unknown outcome',
    world: 'small-freeze',
    budget: { order: 2, crash: 1, fault: 1 },
  },
  {
    name: 'two replicas that answer when they have signed, two batches: one interruption, one kill, one call of unknown outcome',
    world: 'small-signed',
    budget: { order: 1, crash: 1, fault: 1 },
  },
  {
    name: 'one machine, two batches: one end, a kill or a power loss that keeps any part',
    world: 'small-machine',
    budget: { crash: 1, fault: 0, loss: 1 },
  },
  {
    name: 'one machine, two batches: two ends, each a kill or a power loss that keeps all or nothing',
    world: 'small-machine',
    budget: { crash: 2, fault: 0, loss: 0 },
  },
  {
    name: 'one machine, two batches: one call of the disk that fails, and one such end',
    world: 'small-machine',
    budget: { crash: 1, fault: 1, loss: 0 },
  },
];
