/** Kinds of decision, for those who ration them: the depth-first search allows only so many of each. */
export type ChoiceKind =
  /** What the history is about: which operation comes next, how many entries, how long a pause. */
  | 'workload'
  /** Which of the steps that could happen now happens first. */
  | 'order'
  /** A process or the power ends here. */
  | 'crash'
  /** A call fails, or its outcome is not told. */
  | 'fault'
  /** Which of the unsynced pieces a power loss keeps. */
  | 'loss';

/**
 * Everything in a history that could have been otherwise is asked here, and nowhere else: the same answers make the
 * same history. Answer 0 is always the plain course of events, so that a history is made simpler by answering 0.
 */
export interface Chooser {
  /** One of 0 to `options` - 1; 0 with a probability of `plain` where chance decides. */
  pick(kind: ChoiceKind, options: number, plain: number): number;
}
