/** What a service of a test can be made to do wrong. */
export type KmsTestFault =
  /** Takes the calls, and answers none. */
  | 'silent'
  /** Answers after `SLOW_MS`. */
  | 'slow'
  /** Says that it is out of service. */
  | 'down'
  /** Says that there were too many calls. */
  | 'throttling'
  /** Says that the caller has no permission. */
  | 'refusing'
  /** Breaks the connection. */
  | 'reset'
  /** Answers bytes that are not a message. */
  | 'garbage'
  /** Answers a message in which everything is missing. */
  | 'empty'
  /** Answers with the name of another key. */
  | 'other-key'
  /** Answers with another signature than the right one, and with checksums that match it. */
  | 'other-signature'
  /** Answers with wrong checksums (Google Cloud KMS). */
  | 'wrong-checksum'
  /** Says that it did not look at the checksums that it was sent (Google Cloud KMS). */
  | 'unverified';

/** How late a slow service answers, in milliseconds. */
export const SLOW_MS = 150;

/** Switches a fault of a service on and off. */
export class FaultSwitch {
  #fault: KmsTestFault | undefined;
  #times = 0;

  /** Switches a fault on, for some calls or for all that follow. */
  set(fault: KmsTestFault, times: number = Number.POSITIVE_INFINITY): void {
    this.#fault = fault;
    this.#times = times;
  }

  clear(): void {
    this.#times = 0;
  }

  /** The fault of the call that is being answered. */
  take(): KmsTestFault | undefined {
    if (this.#times === 0) return undefined;
    this.#times--;
    return this.#fault;
  }
}
