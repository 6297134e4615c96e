import type { FuzzSuite } from '@tilewright/fuzz';
import { allTargets } from './all-targets.ts';

/** What `npm run fuzz:disk` runs. */
export const DISK_SUITE: FuzzSuite = {
  command: 'fuzz:disk',
  about: `Gives everything that the POSIX driver reads from its disk to the decoders as it is not supposed to be: valid files with
flipped bits, missing, repeated, exchanged and moved blocks, lengths at their extremes, pieces of other valid files, and
checksums that fit the damage all the same. Each input must be refused with an error of the driver's own that names the
file, or be repaired and said to be; nothing may be read beyond what a whole file has, no entry may appear that nobody
wrote, and no input may take for ever. Of ten inputs at most one is not a damaged valid one. What opens files on a real
disk or whole logs runs 1 in 50 of the inputs.`,
  remark: "Files are made below the system's temporary directory (TMPDIR). ",
  targets: allTargets(),
  thread: new URL('./fuzz-thread.ts', import.meta.url),
};
