/** Why a run does not begin or cannot go on, for a person: exit status 2. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
