import { expect } from 'vitest';
import { entryRequest, postEntry } from '../entry-request.ts';
import type { RunningProcess } from '../running-process.ts';
import { expectSound } from './gcp-replicas.ts';
import type { GcpLogPlace } from './gcp-servers.ts';
import { SteadyWriters } from './steady-writers.ts';

const WRITERS = 4;
/** Longer than a request may take. */
const OUTAGE_MS = 32_000;
/** A submission is answered within `--server-timeout`, and so much is allowed to a busy machine. */
const REQUEST_MS = 20_000 + 4_000;
/** The trouble shows after 10 s without a checkpoint: whoever comes later is refused at once. */
const KNOWN_MS = 13_000;
const SEEN_MS = 15_000;
const RECOVERS_MS = 30_000;

/** What came of an entry that came during the outage. */
interface Refusal {
  readonly atMs: number;
  readonly status: number;
  readonly tookMs: number;
}

/** A server whose storage is out of reach for a while. */
export interface Outage {
  readonly place: GcpLogPlace;
  readonly server: RunningProcess;
  begin(): void;
  end(): void;
}

/**
 * Plays one long outage under load, and sees what clients and operators see of it: refusals in time, the reason at
 * `/readyz`, and that the same process goes on by itself.
 */
export async function playOutage({ place, server, begin, end }: Outage, reason: RegExp): Promise<void> {
  expect((await postEntry(place.url, entryRequest('before'))).status).toBe(201);
  const writers = new SteadyWriters(place.url, WRITERS, { pauseMs: 200, mayRunOut: true });
  await pause(1_500);
  begin();
  const newcomers = comeEverySecond(place.url, OUTAGE_MS);
  await pause(SEEN_MS);
  const ready = await fetch(`${place.url}/readyz`);
  expect([ready.status, await ready.text()]).toEqual([503, expect.stringMatching(reason)]);
  // By now it is known: whoever comes is told so at once.
  const since = performance.now();
  const refused = await postEntry(place.url, entryRequest('meanwhile'));
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(performance.now() - since).toBeLessThan(2_000);
  await pause(OUTAGE_MS - SEEN_MS);
  end();

  await expect
    .poll(async () => (await fetch(`${place.url}/readyz`)).status, { timeout: RECOVERS_MS, interval: 100 })
    .toBe(200);
  expect((await postEntry(place.url, entryRequest('afterwards'))).status).toBe(201);
  expect(await writers.finish()).toBeGreaterThan(WRITERS);
  for (const { atMs, status, tookMs } of await newcomers) {
    const isKnown = atMs > KNOWN_MS && atMs < OUTAGE_MS - 2_000;
    expect([atMs, isKnown ? [503] : [201, 409, 503, 504]]).toEqual([atMs, expect.arrayContaining([status])]);
    expect(tookMs).toBeLessThan(isKnown ? 2_000 : REQUEST_MS);
  }
  // Of an entry that was on its way when it began nobody could say more than that the time ran out.
  expect(writers.statuses.get(504) ?? 0).toBeLessThanOrEqual(WRITERS);
  expect(writers.longestMs).toBeLessThan(REQUEST_MS);
  await writers.expectKept(place);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  await expectSound(place);
}

/** One new entry every second. */
async function comeEverySecond(url: string, forMs: number): Promise<readonly Refusal[]> {
  const answers: Promise<Refusal>[] = [];
  const begun = performance.now();
  while (performance.now() - begun < forMs) {
    const started = performance.now();
    const atMs = Math.round(started - begun);
    const answer = postEntry(url, entryRequest(`newcomer at ${atMs}`));
    answers.push(answer.then(({ status }) => ({ atMs, status, tookMs: performance.now() - started })));
    await pause(1_000);
  }
  return Promise.all(answers);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
