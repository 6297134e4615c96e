/** The promises of the engine, as ARCHITECTURE.md numbers them. */
export type PromiseName = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8' | 'P9' | 'P10';

/** A promise of the log was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly promise: PromiseName;

  constructor(promise: PromiseName, message: string, options?: ErrorOptions) {
    super(`${promise}: ${message}`, options);
    this.promise = promise;
  }
}
