import { setTimeout as sleep } from 'node:timers/promises';
import { unanswered } from '../../crash/load/traffic.ts';
import { resetReader } from '../load/reset-readers.ts';
import type { Fault } from './fault.ts';

const CLIENTS = 6;
const PAUSE_MS = 30;

/** Many connections at one time are reset or broken: in requests, between request and answer, in answers. */
export const resets: Fault = {
  kind: 'connection resets',
  holdMs: [2_000, 6_000],
  isWithKill: true,
  whyNot: undefined,
  async begin({ traffic, load, tally, random }) {
    const end = new AbortController();
    const signal = AbortSignal.any([end.signal, traffic.phase.ending]);
    const before = tally.total('broken off');
    const readers = async (): Promise<void> => {
      while (!signal.aborted) {
        try {
          await resetReader(traffic.ports.http, random);
          tally.count('broken off', 'reader reset in the answers');
        } catch (error) {
          return unanswered(traffic, 'a new connection', error);
        }
        await sleep(PAUSE_MS);
      }
    };
    const clients = Array.from({ length: CLIENTS }, () => load.breakOff(traffic, PAUSE_MS, signal));
    const work = Promise.all([...clients, readers(), readers()]);
    return {
      outlivesServer: false,
      async lift() {
        end.abort();
        await work;
        return `${tally.total('broken off') - before} clients broke off`;
      },
    };
  },
};
