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
          const said = now && delayed(await controls.acknowledged(now.pid));
          const calls = said === undefined ? 0 : now?.pid === server.pid ? said - before : said;
          if (now?.pid === server.pid && calls === 0) throw new Error('no call of the server was delayed');
          return `syncs up to ${syncDelayMs} ms late, ${calls} calls delayed`;
        },
      };
    },
  };
}

function delayed(answers: readonly Acknowledgement[]): number {
  return answers.reduce((sum, { delayedCalls }) => sum + delayedCalls, 0);
}
