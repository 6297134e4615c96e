import type { ServerControls } from '../inside/server-controls.ts';
import type { Fault } from './fault.ts';

const HOUR_MS = 3_600_000;
const MOST_HOURS = 36;
const TOLERANCE_MS = 60_000;

/** The server's time of day jumps by hours, and back when it is over, by a module that shifts `Date` in each thread. */
export function clockJump(controls: ServerControls, direction: 'forward' | 'back'): Fault {
  return {
    kind: `clock jump ${direction}`,
    holdMs: [2_000, 6_000],
    isWithKill: true,
    whyNot: undefined,
    async begin({ server, random }) {
      const hours = 1 + random() * (MOST_HOURS - 1);
      const clockShiftMs = Math.round(hours * HOUR_MS) * (direction === 'forward' ? 1 : -1);
      controls.set({ clockShiftMs });
      const answers = await controls.acknowledged(server.pid);
      for (const { nowMs } of answers) {
        const off = nowMs - Date.now() - clockShiftMs;
        if (Math.abs(off) > TOLERANCE_MS) throw new Error(`a thread's clock did not jump: it is ${off} ms off`);
      }
      return {
        outlivesServer: true,
        async lift(now) {
          controls.set({ clockShiftMs: 0 });
          if (now !== undefined) await controls.acknowledged(now.pid);
          return `Date ${direction} by ${hours.toFixed(1)} h in ${answers.length} threads`;
        },
      };
    },
  };
}
