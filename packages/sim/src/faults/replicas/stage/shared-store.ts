import type { Clock } from '@tilewright/log/ports';
import type { RemotePorts } from '../../../replicas/remote-store.ts';

/** All that a driver lends to the scenarios: the storage of one log that does not exist yet, which replicas share. */
export interface SharedStore {
  /** Time of the scenario and of every replica. A driver whose calls take real time lends a real clock. */
  readonly clock: Clock;
  /** The ports of one more replica. Whoever asked for them closes `sequence` and `dedupe`. */
  open(): Promise<RemotePorts>;
  /** Copies the database: order, state, tokens and dedupe index, but no object. Calling the answer puts the copy back. */
  backUp(): Promise<() => Promise<void>>;
  /** Deletes every tile and bundle, and the checkpoint unless it is to stay. */
  emptyBucket(keep?: 'checkpoint'): Promise<void>;
}

/** Plays one fault on stores of its own, with the real engine. Rejects when a promise of the log is broken. */
export type Scenario = (makeStore: () => SharedStore) => Promise<void>;

/** One named fault, and the scenarios that try it. */
export interface Fault {
  readonly name: string;
  /** It can only be seen where two checkpoints must keep a pause. */
  readonly needsPause?: boolean;
  readonly scenarios: Readonly<Record<string, Scenario>>;
}
