/**
 * What the Spanner emulator needs and real Spanner must not have. Nothing else in this package asks whether there is one,
 * and no environment variable is read: `SPANNER_EMULATOR_HOST` is the command's to read, and the SDK's calls that are used
 * here do not look at it.
 */
export interface Peculiarities {
  /** One session serves any number of transactions at a time. The emulator does not know such sessions. */
  readonly multiplexed: boolean;
  /** Runs one write after the other: the emulator has room for one read-write transaction, and aborts the others. */
  readonly oneByOne: <T>(write: () => Promise<T>) => Promise<T>;
}

/** Real Spanner has none. */
export const NO_PECULIARITIES: Peculiarities = { multiplexed: true, oneByOne: (write) => write() };

/** Those of the emulator. Processes that share one are kept apart by its ABORTED, as they would be by Spanner's. */
export function emulatorPeculiarities(): Peculiarities {
  let last: Promise<unknown> = Promise.resolve();
  return {
    multiplexed: false,
    oneByOne: (write) => {
      const mine = last.then(write);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
