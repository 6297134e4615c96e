import type { FuzzSuite } from '../run/fuzz-suite.ts';
import { allTargets } from './all-targets.ts';

/** What `npm run fuzz:core` runs. */
export const CORE_SUITE: FuzzSuite = {
  command: 'fuzz:core',
  about: `Gives every decoder of @tilewright/core what it is not supposed to get: valid inputs with flipped bits, lines and
blocks that are missing, repeated, swapped or another's, numbers and lengths at their extremes, pieces spliced together,
and inputs of which nothing but their length may be looked at. Each must be refused with a CoreError that names the rule,
or be decoded, and then be written as it stood there where the format has one way to write it. What is valid must be
accepted; bytes around an input must make no difference. Time must grow no faster than the input, up to the cap. Of ten
inputs at most one is not a damaged valid one.`,
  remark: 'How times grow is measured after the inputs of each target. ',
  targets: allTargets(),
  thread: new URL('./fuzz-thread.ts', import.meta.url),
};
