import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';

const STOPS_WITHIN_MS = 2_000;

/** The whole process stands still, as on a machine that swaps or is moved: its clients wait, and time goes on. */
export const stopped: Fault = {
  kind: 'stopped (SIGSTOP)',
  // Shorter than the 20 s after which the server gives up its requests and idle connections.
  holdMs: [1_000, 6_000],
  isWithKill: true,
  whyNot: undefined,
  async begin({ server }) {
    process.kill(server.pid, 'SIGSTOP');
    const until = performance.now() + STOPS_WITHIN_MS;
    while (stateOf(server.pid) !== 'T') {
      if (performance.now() > until) {
        process.kill(server.pid, 'SIGCONT');
        throw new Error(`process ${server.pid} did not stop`);
      }
      await sleep(5);
    }
    return {
      outlivesServer: false,
      async lift(now) {
        if (now?.pid !== server.pid) return 'killed while it stood still';
        process.kill(server.pid, 'SIGCONT');
        return 'SIGSTOP, then SIGCONT';
      },
    };
  },
};

function stateOf(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat[stat.lastIndexOf(')') + 2];
}
