import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from '@tilewright/log/ports';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { GrpcProxy } from '../testing/grpc-proxy.ts';
import {
  NO_SPANNER_EMULATOR,
  type SpannerEmulator,
  skipsWithoutSpannerEmulator,
  startSpannerEmulator,
} from '../testing/spanner-emulator.ts';
import { connectSpanner } from './connect-spanner.ts';
import { spannerDedupe } from './dedupe/spanner-dedupe.ts';
import { initSchema } from './schema/init-schema.ts';
import { spannerSequence } from './sequence/spanner-sequence.ts';

let emulator: Promise<SpannerEmulator> | undefined;
afterAll(async () => (await emulator)?.stop());

/** A clock that a test turns: an hour takes no longer than its answers. */
function turnedClock(): Clock & { readonly slept: () => number } {
  let nowMs = 0;
  return {
    ...realClock(),
    monotonicMs: () => nowMs,
    slept: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
  };
}

describe.skipIf(skipsWithoutSpannerEmulator())(`on the emulator (where it is missing: ${NO_SPANNER_EMULATOR})`, () => {
  test('an idle replica reads once a second, and nothing else is sent', async () => {
    emulator ??= startSpannerEmulator();
    const place = (await emulator).place();
    const proxy = await GrpcProxy.start((await emulator).host);
    const clock = turnedClock();
    const connection = await connectSpanner({ ...place, emulator: proxy.host }, { clock, entropy: realEntropy() });
    try {
      await initSchema(connection, { create: true });
      const sequence = spannerSequence(connection, { pollMs: 1000, clock, entropy: realEntropy() });
      spannerDedupe(connection);
      proxy.resetCounts();
      const [from, stop] = [clock.slept(), new AbortController()];
      for await (const _ of sequence.changes(stop.signal)) {
        await sequence.head();
        if (clock.slept() - from >= 600_000) stop.abort();
      }
      expect(proxy.counts).toEqual({ Read: 600 });
    } finally {
      await connection.close();
      await proxy.stop();
    }
  });

  test('in real time too: no timer of the SDK sends anything', async () => {
    emulator ??= startSpannerEmulator();
    const proxy = await GrpcProxy.start((await emulator).host);
    const world = { clock: realClock(), entropy: realEntropy() };
    const connection = await connectSpanner({ ...(await emulator).place(), emulator: proxy.host }, world);
    try {
      await initSchema(connection, { create: true });
      const sequence = spannerSequence(connection, { pollMs: 1000, ...world });
      proxy.resetCounts();
      const stop = new AbortController();
      void world.clock.sleep(3_500, stop.signal).then(() => stop.abort());
      for await (const _ of sequence.changes(stop.signal)) await sequence.head();
      expect(proxy.counts).toEqual({ Read: 3 });
    } finally {
      await connection.close();
      await proxy.stop();
    }
  });

  test('a process that closes its connection exits by itself, whatever is under way', async () => {
    emulator ??= startSpannerEmulator();
    const place = (await emulator).place();
    const argv = ['--input-type=module', '--eval', closingProgram(place)];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'], cwd: import.meta.dirname });
    let said = '';
    child.stdout.on('data', (part) => {
      said += part;
    });
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    const closedMs = Number(/closed (\d+)/.exec(said)?.[1]);
    expect(Date.now() - closedMs).toBeLessThan(2_000);
  }, 20_000);
});

function closingProgram(place: object): string {
  return `
import { realClock, realEntropy } from '@tilewright/log/testing';
import { connectSpanner, initSchema, spannerDedupe, spannerSequence } from '@tilewright/store-gcp';
const world = { clock: realClock(), entropy: realEntropy() };
const connection = await connectSpanner(${JSON.stringify(place)}, world);
await initSchema(connection, { create: true });
const sequence = spannerSequence(connection, { pollMs: 60_000, ...world });
const dedupe = spannerDedupe(connection);
const never = new AbortController().signal;
const listening = (async () => { for await (const _ of sequence.changes(never)); })();
await sequence.append([new Uint8Array(9)], world.entropy.token(), never);
const underWay = Promise.allSettled([sequence.append([new Uint8Array(9)], world.entropy.token(), never), sequence.head(), dedupe.covered()]);
await connection.close();
await underWay;
await listening;
console.log('closed', Date.now());
`;
}
