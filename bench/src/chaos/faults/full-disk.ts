import { setTimeout as sleep } from 'node:timers/promises';
import { Ballast } from '../disk/ballast.ts';
import type { ChaosDisk } from '../disk/chaos-disk.ts';
import { refusals } from '../load/answers.ts';
import type { Fault } from './fault.ts';

const NEARLY_NOTHING = 64 * 1024;
const FILLED_WITHIN_MS = 10_000;

/** No room left on the log's file system: real writes end with ENOSPC. Room that the log frees for itself is taken, too. */
export function fullDisk(disk: ChaosDisk): Fault {
  return {
    kind: 'full disk',
    holdMs: [3_000, 9_000],
    isWithKill: true,
    whyNot: disk.whyNot,
    async begin({ tally }) {
      const ballast = new Ballast(disk.top, disk.device ?? '');
      const before = refusals(tally);
      await ballast.fill();
      // The log gives its reserve back, and segments that it keeps for a while: they are taken as well.
      const until = performance.now() + FILLED_WITHIN_MS;
      let free = ballast.freeBytes;
      for (; free > NEARLY_NOTHING; free = ballast.freeBytes) {
        if (performance.now() > until) {
          await ballast.remove();
          throw new Error(`the disk could not be filled: ${free} bytes are free`);
        }
        await sleep(50);
      }
      return {
        outlivesServer: true,
        async lift() {
          await ballast.remove();
          const refused = refusals(tally) - before;
          return `${free} bytes free, taken again ${ballast.topUps} times, ${refused} requests told to come again`;
        },
      };
    },
  };
}
