/** What was asked of Cloud Storage, tries that failed included: each is billed. */
export interface OperationCounts {
  readonly insert: number;
  readonly list: number;
  readonly get: number;
  /** Asked whether an object is there, without its bytes. */
  readonly metadata: number;
  readonly delete: number;
}

export type Operation = keyof OperationCounts;

/** How Cloud Storage bills operations ("Operation charges"): class A is the dearer one, class B the cheaper one. */
export interface BilledOperations {
  readonly classA: number;
  readonly classB: number;
  readonly free: number;
}

export const NO_OPERATIONS: OperationCounts = { insert: 0, list: 0, get: 0, metadata: 0, delete: 0 };

/** The operations by price. */
export function billedOperations(counts: OperationCounts): BilledOperations {
  return { classA: counts.insert + counts.list, classB: counts.get + counts.metadata, free: counts.delete };
}

/** What was asked between two readings. */
export function operationsSince(before: OperationCounts, now: OperationCounts): OperationCounts {
  return {
    insert: now.insert - before.insert,
    list: now.list - before.list,
    get: now.get - before.get,
    metadata: now.metadata - before.metadata,
    delete: now.delete - before.delete,
  };
}

/** Counts as operations happen. */
export class OperationCounter {
  #counts: OperationCounts = NO_OPERATIONS;

  /** So far; a later operation does not change it. */
  get counts(): OperationCounts {
    return this.#counts;
  }

  add(operation: Operation): void {
    this.#counts = { ...this.#counts, [operation]: this.#counts[operation] + 1 };
  }
}
