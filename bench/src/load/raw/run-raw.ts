import { setTimeout as sleep } from 'node:timers/promises';
import type { LogPlace } from '../../server/commands.ts';
import type { RunFigures, RunLength } from '../run-figures.ts';
import { openWindow, usageFigures } from '../usage/usage-window.ts';
import { countFailures, withServer } from '../with-server.ts';
import { nextGrowth } from './checkpoint-growth.ts';
import type { RawServer } from './raw-servers.ts';
import { startHammer } from './tessera-hammer.ts';

const LEAF_BYTES = 1024;
/** Beyond the run's length: for late checkpoints. */
const SPARE_SECONDS = 40;

/**
 * Starts a raw log on an empty directory and loads it by Tessera's hammer; the rate is the growth of its checkpoint.
 * Hammer tells no percentiles: what it has are moving averages, on its terminal view alone.
 */
export function runRaw(
  { command, vkey }: RawServer,
  place: LogPlace,
  writers: number,
  length: RunLength,
): Promise<RunFigures> {
  return withServer(command, place, length, async ({ pid, disk }) => {
    const { warmUpSeconds, measuredSeconds } = length;
    const maxSeconds = warmUpSeconds + measuredSeconds + SPARE_SECONDS;
    const hammer = startHammer({ port: place.ports.http, vkey, writers, leafBytes: LEAF_BYTES, maxSeconds });
    try {
      await sleep(warmUpSeconds * 1_000);
      const first = await nextGrowth(place.storageDir);
      const window = await openWindow(pid, hammer.pid);
      await sleep(measuredSeconds * 1_000);
      const last = await nextGrowth(place.storageDir);
      const usage = await window.close();
      const failure = hammer.failure();
      if (failure !== undefined) throw new Error(`Tessera's hammer ended: ${failure}`);
      const { pushedBack, errors } = await hammer.stop();
      const accepted = last.size - first.size;
      const kinds = { ...errors, ...(pushedBack > 0 && { 'pushed back': pushedBack }) };
      return {
        rate: accepted / ((last.at - first.at) / 1_000),
        p50: null,
        p95: null,
        p99: null,
        ...usageFigures(usage, accepted),
        failures: countFailures(kinds),
        failureKinds: kinds,
        pushedBack,
        disk,
      };
    } catch (error) {
      const failure = hammer.failure();
      throw failure === undefined ? error : new Error(`Tessera's hammer ended: ${failure}`, { cause: error });
    } finally {
      await hammer.stop();
    }
  });
}
