/** Registers one test of a contract suite: the `test` function of vitest, or any runner's that takes a name and a body. */
export type ContractTest = (name: string, body: () => Promise<void>) => void;

/** What a driver lends to a contract suite for one test. */
export interface ContractSubject<Store> {
  readonly store: Store;
  /** Another opening of the same storage, as after a restart. A driver with one writer closes the first opening. */
  reopen(): Promise<Store>;
  dispose?(): Promise<void>;
}

/** Runs `body` on a fresh subject and lets go of it whatever happens. */
export async function withSubject<Store>(
  make: () => Promise<ContractSubject<Store>>,
  body: (subject: ContractSubject<Store>) => Promise<void>,
): Promise<void> {
  const subject = await make();
  try {
    await body(subject);
  } finally {
    await subject.dispose?.();
  }
}
