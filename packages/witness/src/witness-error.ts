/**
 * What is wrong: with a policy, or why a witness does not start, or stops.
 * - `bad-policy`: the policy cannot be used to ask for cosignatures
 * - `bad-key`: keys that cannot be one witness's, or that a log uses
 * - `bad-logs`: the file of known logs cannot be understood
 * - `state-missing`: there is no state, or an empty file
 * - `state-unusable`: the state file cannot be opened or made: rights, a missing directory, a read-only medium
 * - `state-locked`: another process uses the state
 * - `state-corrupt`: the state file is damaged, or is no state of a witness
 * - `state-newer`: a newer program wrote the state
 * - `state-of-another`: the state belongs to a witness of another name
 * - `state-full`: there is no room; what was asked for was not stored, the next attempt may be
 * - `state-failed`: the state could not be written for another reason; only opening it again shows what is in it
 * - `port-busy`, `address-unavailable`: it cannot listen there
 */
export type WitnessErrorCode =
  | 'bad-policy'
  | 'bad-key'
  | 'bad-logs'
  | 'state-missing'
  | 'state-unusable'
  | 'state-locked'
  | 'state-corrupt'
  | 'state-newer'
  | 'state-of-another'
  | 'state-full'
  | 'state-failed'
  | 'port-busy'
  | 'address-unavailable';

/** The one error class of this package. Messages name the file, say what to do, and never hold what a witness or a client wrote. */
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
  readonly code: WitnessErrorCode;

  constructor(code: WitnessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
