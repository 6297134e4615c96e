import type { Throttle } from '../disk/throttle.ts';
import type { Fault } from './fault.ts';

const LEAST_WRITES = 20;
const MOST_WRITES = 120;

/** The kernel lets only so many writes a second through to the log's device: every sync waits for its turn, SQLite's too. */
export function slowDisk(throttle: Throttle | { readonly whyNot: string }): Fault {
  return {
    kind: 'slow disk (device)',
    holdMs: [4_000, 12_000],
    isWithKill: true,
    whyNot: 'whyNot' in throttle ? throttle.whyNot : undefined,
    async begin({ server, random, tally }) {
      if ('whyNot' in throttle) throw new Error(throttle.whyNot);
      const writes = Math.round(LEAST_WRITES + random() * (MOST_WRITES - LEAST_WRITES));
      const [before, began] = [tally.total('answers'), performance.now()];
      throttle.limit(server.pid, writes);
      return {
        outlivesServer: false,
        async lift() {
          throttle.lift();
          const rate = ((tally.total('answers') - before) * 1_000) / (performance.now() - began);
          return `${writes} writes a second by control group, ${rate.toFixed(0)} answers a second`;
        },
      };
    },
  };
}
