import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@tilewright/log';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { openGcpStore } from '@tilewright/store-gcp';
import { parseSpannerPath } from '@tilewright/store-gcp/place';
import { skipsWithoutGcsServer, skipsWithoutSpannerEmulator } from '@tilewright/store-gcp/testing';
import { expect, onTestFinished, test } from 'vitest';
import { type CountedServices, operationsBetween, startCountedServices } from '../operations/counted-services.ts';
import { entry, IDENTITY, openCountedLog } from './counted-log.ts';

const skips = skipsWithoutSpannerEmulator() || skipsWithoutGcsServer();

async function startReplica(services: CountedServices): Promise<{ readonly log: Log; stop(): Promise<void> }> {
  const { SPANNER_EMULATOR_HOST: emulator, STORAGE_EMULATOR_HOST: endpoint } = services.environment;
  const clock = realClock();
  const store = await openGcpStore({
    bucket: { bucket: services.bucket, prefix: '', endpoint },
    spanner: { ...parseSpannerPath(services.database), tablePrefix: '', emulator },
    identity: IDENTITY,
    dedupe: true,
    clock,
    entropy: realEntropy(),
  });
  const log = await openCountedLog(store, clock);
  const stop = async (): Promise<void> => {
    await log.close({ timeoutMs: 10_000 });
    await store.close();
  };
  return { log, stop };
}

const IDLE_SECONDS = 5;
const ROUNDS = 3;

test.skipIf(skips)(
  'what idle replicas and integrations of 256 entries ask of the real services',
  async () => {
    const services = await startCountedServices();
    onTestFinished(() => services.stop());
    const one = await startReplica(services);
    onTestFinished(() => one.stop());
    const other = await startReplica(services);
    onTestFinished(() => other.stop());
    await Promise.all([one.log.add(entry(0)), other.log.add(entry(1))]);
    // Until both have seen it, indexed it, and found nothing else to do.
    await sleep(4_000);

    const idle = services.operations();
    await sleep(IDLE_SECONDS * 1000);
    const { spanner, storage, checkpoints } = operationsBetween(idle, services.operations());
    const { Read: reads = 0, ...others } = spanner;
    expect(reads).toBeGreaterThan(0);
    // One a second and replica, and the one that may fall on either end.
    expect(reads).toBeLessThanOrEqual(2 * (IDLE_SECONDS + 1));
    expect(Object.values(others).every((count) => count === 0)).toBe(true);
    expect([storage, checkpoints]).toEqual([{ insert: 0, list: 0, get: 0, metadata: 0, delete: 0 }, 0]);

    await other.stop();
    const loaded = services.operations();
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(Array.from({ length: 256 }, (_, i) => one.log.add(entry(2 + round * 256 + i))));
    }
    const load = operationsBetween(loaded, services.operations());
    expect(load.checkpoints).toBe(ROUNDS);
    expect((load.storage.insert - load.checkpoints) / (ROUNDS * 256)).toBeLessThanOrEqual(0.02);
  },
  60_000,
);
