import type { Acknowledgement } from '../inside/control.ts';
import type { ServerControls } from '../inside/server-controls.ts';
import type { Fault } from './fault.ts';

const LEAST_MS = 20;
const MOST_MS = 400;

/** Syncs begin late, writes take their time, by a module inside the server: everywhere possible, and without SQLite's calls. */
export function slowCalls(controls: ServerControls): Fault {
  return {
    kind: 'slow disk (calls)',
    holdMs: [3_000, 10_000],
    isWithKill: true,
    whyNot: undefined,
    async begin({ server, random }) {
      const syncDelayMs = Math.round(LEAST_MS + random() * (MOST_MS - LEAST_MS));
      controls.set({ syncDelayMs });
      const before = delayed(await controls.acknowledged(server.pid));
      return {
        outlivesServer: true,
        async lift(now) {
          controls.set({ syncDelayMs: 0 });
          const what = `syncs up to ${syncDelayMs} ms late`;
          if (now === undefined) return what;
          const calls = delayed(await controls.acknowledged(now.pid)) - (now.pid === server.pid ? before : 0);
          if (calls === 0) throw new Error('no call of the server was delayed');
          return `${what}, ${calls} calls delayed`;
        },
      };
    },
  };
}

function delayed(answers: readonly Acknowledgement[]): number {
  return answers.reduce((sum, { delayedCalls }) => sum + delayedCalls, 0);
}
