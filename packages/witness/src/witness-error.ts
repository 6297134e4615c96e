/**
 * What is wrong.
 * - `bad-policy`: the policy cannot be used to ask for cosignatures
 */
export type WitnessErrorCode = 'bad-policy';

/** The one error class of this package. Messages never hold what a witness wrote. */
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
  readonly code: WitnessErrorCode;

  constructor(code: WitnessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
