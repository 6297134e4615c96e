import { asTreeSize, concatBytes, decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { sha256 } from '@tilewright/core/hash';
import { formatSignatureLine, signNote } from '@tilewright/core/note';
import { type Cosigned, type CosignRequest, HALTED, type Witnesses } from '@tilewright/log/ports';
import { realClock } from '@tilewright/log/testing';
import type { MemoryStore } from '@tilewright/store-memory';
import { WitnessGroup, type WitnessTransport } from '@tilewright/witness';
import { expect, test } from 'vitest';
import { Oracle } from '../../../oracle/oracle.ts';
import { SimulatedWitness, witnessVerifier } from '../../../witnesses/simulated-witness.ts';
import { logSigner, logVerifier, ORIGIN } from '../../../world/log-key.ts';
import { entry, openOn, storeWith, TIGHT } from './scene.ts';

const LINE = formatSignatureLine('witness.example', 7, new Uint8Array(72).fill(7));
const isEnough = (note: Uint8Array): boolean => decodeUtf8(note).includes(LINE);
const cosigned = ({ note }: CosignRequest): Cosigned => ({
  note: concatBytes(note, encodeUtf8(LINE)),
  enough: true,
  detail: '1 of 1 witnesses cosigned',
});
const missing = ({ note }: CosignRequest): Cosigned => ({ note, enough: false, detail: 'nobody cosigned' });

function witnesses(failClosed: boolean, cosign: (request: CosignRequest) => Cosigned | Promise<Cosigned>): Witnesses {
  return { failClosed, isEnough, cosign: async (request) => cosign(request) };
}

function stored({ state }: MemoryStore): string {
  return decodeUtf8(state.checkpoint?.note ?? new Uint8Array(0));
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await what()) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error('it never came to that');
}

/** A checkpoint of `size` entries that the log's key signed, with a root that no log has. */
function anotherTree(size: number): Promise<Uint8Array> {
  const root = sha256(encodeUtf8(`another tree of ${size}`));
  return signNote(formatCheckpoint({ origin: ORIGIN, size: asTreeSize(size), root, extensions: [] }), [
    logSigner(() => {}),
  ]);
}

test('a witness is shown nothing before the signed floor is durable, and no partial tile that is not there', async () => {
  const store = await storeWith(2);
  const floors: number[] = [];
  const log = await openOn(store, {
    witnesses: witnesses(false, async (request) => {
      const { signed, tree } = await store.sequence.head();
      expect(signed).toEqual({ size: request.tree.size, root: request.tree.root });
      expect(tree.size).toBe(request.tree.size);
      expect(openCheckpoint(request.note, ORIGIN, logVerifier).size).toBe(request.tree.size);
      floors.push(signed.size);
      return cosigned(request);
    }),
  });
  const { publication } = await log.add(entry(5));
  expect(decodeUtf8(publication.note)).toContain(LINE);
  expect(floors).toEqual([3]);
  await log.close({ timeoutMs: 1_000 });
});

test('whoever hands back another checkpoint than it was given ends the log', async () => {
  const store = await storeWith(2);
  const before = stored(store);
  const other = await anotherTree(3);
  const log = await openOn(store, {
    witnesses: witnesses(false, () => ({ note: other, enough: true, detail: '' })),
  });
  void log.add(entry(5)).catch(() => undefined);
  expect(await log.failed).toMatchObject({ code: 'identity-mismatch' });
  expect(stored(store)).toBe(before);
});

test.each([3, 9])(
  'a checkpoint of another tree of %i entries, signed by the log and held by a witness, freezes the log for good',
  async (size) => {
    const store = await storeWith(2);
    const before = stored(store);
    const seen = await anotherTree(size);
    const log = await openOn(store, { witnesses: witnesses(false, (request) => ({ ...missing(request), seen })) });
    void log.add(entry(5)).catch(() => undefined);
    const late = new Promise((done) => setTimeout(done, 2_000, 'goes on'));
    expect(await Promise.race([log.failed, late])).toMatchObject({ code: 'fork' });
    expect(stored(store)).toBe(before);
    expect((await store.sequence.head()).frozenAtMs).toBe(HALTED);
  },
);

test('an earlier checkpoint of the same log in the hands of a witness is no reason to stop', async () => {
  const store = await storeWith(2);
  const seen = store.state.checkpoint?.note;
  const log = await openOn(store, { witnesses: witnesses(false, (request) => ({ ...missing(request), seen })) });
  expect(await log.add(entry(5))).toMatchObject({ index: 2 });
  await log.close({ timeoutMs: 1_000 });
});

test('while too few cosign, nothing is published, nobody is let in, and whoever is in is answered in the end', async () => {
  const store = await storeWith(2);
  let answer = cosigned;
  const log = await openOn(store, { witnesses: witnesses(true, (request) => answer(request)) });
  answer = missing;
  const before = stored(store);
  const early = log.add(entry(5));
  await until(() => log.status().stalled === 'witness');
  expect(stored(store)).toBe(before);
  await expect(log.add(entry(6))).rejects.toMatchObject({ code: 'pushback', reason: 'witness' });
  expect(log.status().unready).toContain('nobody cosigned');
  answer = cosigned;
  expect(decodeUtf8((await early).publication.note)).toContain(LINE);
  expect(log.status().unready).toBeUndefined();
  expect(await log.add(entry(6))).toMatchObject({ index: 3 });
  await log.close({ timeoutMs: 1_000 });
});

test('a log that waits for its witnesses takes nobody in before they have cosigned what it opened with', async () => {
  const store = await storeWith(2);
  let answer = missing;
  const log = await openOn(store, { witnesses: witnesses(true, (request) => answer(request)) });
  await expect(log.add(entry(5))).rejects.toMatchObject({ code: 'pushback' });
  expect(log.status().unready).toContain('nobody cosigned');
  answer = cosigned;
  await until(() => log.status().unready === undefined);
  expect(stored(store)).toContain(LINE);
  expect(await log.add(entry(5))).toMatchObject({ index: 2 });
  await log.close({ timeoutMs: 1_000 });
});

test('a log that closes while it waits for its witnesses publishes nothing, and says that it does not know', async () => {
  const store = await storeWith(2);
  let answer = cosigned;
  const log = await openOn(store, { witnesses: witnesses(true, (request) => answer(request)) });
  answer = missing;
  const before = stored(store);
  const waiting = log.add(entry(5)).catch((error: unknown) => error);
  await until(() => log.status().stalled === 'witness');
  expect(await log.close({ timeoutMs: 50 })).toBe('timed-out');
  expect(await waiting).toMatchObject({ code: 'outcome-unknown' });
  expect(stored(store)).toBe(before);
});

test('what too few cosigned is published all the same where the log does not wait, and is cosigned later', async () => {
  const store = await storeWith(2);
  let answer = missing;
  const options = { ...TIGHT, cosign: { againMs: 60_000, lackingMs: 20 } };
  const log = await openOn(store, { witnesses: witnesses(false, (request) => answer(request)) }, options);
  const { publication } = await log.add(entry(5));
  expect(decodeUtf8(publication.note)).not.toContain(LINE);
  answer = cosigned;
  await until(() => stored(store).includes(LINE));
  expect(openCheckpoint(log.published().note, ORIGIN, logVerifier).size).toBe(3);
  await log.close({ timeoutMs: 1_000 });
});

test('what enough witnesses cosigned stays when they are asked again and do not answer', async () => {
  const store = await storeWith(2);
  let answer = cosigned;
  let rounds = 0;
  const options = { ...TIGHT, cosign: { againMs: 10, lackingMs: 10 } };
  const asked = witnesses(true, (request) => {
    rounds += 1;
    return answer(request);
  });
  const log = await openOn(store, { witnesses: asked }, options);
  await log.add(entry(5));
  const { length } = stored(store);
  answer = missing;
  const before = rounds;
  await until(() => rounds > before + 2);
  expect(stored(store)).toHaveLength(length);
  expect(log.status().unready).toBeUndefined();
  await log.close({ timeoutMs: 1_000 });
});

test('witnesses that never answer, and a transport that never gives up, cost a round and no more', async () => {
  const store = await storeWith(2);
  const { key } = new SimulatedWitness(1, new Oracle());
  const member = { kind: 'witness' as const, name: 'silent', key, url: 'https://silent.example' };
  const never = (): Promise<never> => new Promise(() => {});
  const transport: WitnessTransport = { post: never, get: never };
  const group = new WitnessGroup({
    origin: ORIGIN,
    logVerifier,
    policy: { logs: [], witnesses: [member], groups: [], quorum: member, reachable: [member] },
    verifierOf: witnessVerifier,
    failClosed: false,
    collect: 'all',
    timeoutMs: 30,
    transport,
    clock: realClock(),
    observe: () => {},
  });
  const log = await openOn(store, { witnesses: group });
  const late = new Promise((done) => setTimeout(done, 2_000, 'still waits'));
  expect(await Promise.race([log.add(entry(5)), late])).toMatchObject({ index: 2 });
  await log.close({ timeoutMs: 1_000 });
});
