import type { Load } from '../../crash/load/load.ts';
import type { Tally } from '../../crash/load/tally.ts';
import type { Traffic } from '../../crash/load/traffic.ts';
import type { ServerProcess } from '../../server/server-process.ts';
import type { JournaledBook } from '../state/journaled-book.ts';

/** What a fault is injected into: a server under load. */
export interface FaultScene {
  readonly server: ServerProcess;
  readonly traffic: Traffic;
  readonly load: Load;
  readonly book: JournaledBook;
  readonly tally: Tally;
  readonly random: () => number;
}

/** A fault that has been injected. */
export interface ActiveFault {
  /** Whether it is there for the next server as well, when this one is killed. */
  readonly outlivesServer: boolean;
  /**
   * Takes it back. `server` is the one that runs now, if any: another one when the first was killed meanwhile.
   * Returns what was done exactly, and what shows that it took effect. Throws when it had none.
   */
  lift(server: ServerProcess | undefined): Promise<string>;
}

/** A kind of fault. */
export interface Fault {
  readonly kind: string;
  /** Shortest and longest time that it lasts in a run of five minutes and more, milliseconds. */
  readonly holdMs: readonly [number, number];
  /** Whether it also goes together with `kill -9`. */
  readonly isWithKill: boolean;
  /** Why it cannot be injected here. */
  readonly whyNot: string | undefined;
  /** Throws when it could not be injected. */
  begin(scene: FaultScene): Promise<ActiveFault>;
}
