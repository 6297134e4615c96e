import { concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { formatSignatureLine } from '@tilewright/core/note';
import type { Log, LogDeps, Receipt } from '@tilewright/log';
import type { Witnesses } from '@tilewright/log/ports';
import { checkLog, realClock } from '@tilewright/log/testing';
import { emptyMemoryState, type MemoryState, type MemoryStore, openMemoryStore } from '@tilewright/store-memory';
import { expect, test } from 'vitest';
import { logSigner, logVerifier, ORIGIN } from '../../../world/log-key.ts';
import { entry, openOn, TIGHT } from './scene.ts';

const SLOT_MS = 150;

interface Scene {
  readonly log: Log;
  readonly store: MemoryStore;
}

/** A replica that answers when a tree is signed; a checkpoint may be replaced every 150 ms. */
async function open(
  state: MemoryState,
  parts: (store: MemoryStore) => Partial<LogDeps> = () => ({}),
  slotMs = SLOT_MS,
): Promise<Scene> {
  const store = openMemoryStore({ state, clock: realClock(), minIntervalMs: slotMs });
  const deps = { signedCheckpoints: store.signedCheckpoints, ...parts(store) };
  const options = { ...TIGHT, publishIntervalMs: slotMs, answerAt: 'signed', answerIntervalMs: 1 } as const;
  return { log: await openOn(store, deps, options), store };
}

const later = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    if (tries > 1000) throw new Error(`never came true: ${what}`);
    await later(2);
  }
}

function checked({ objects, checkpoints }: MemoryStore): ReturnType<typeof checkLog> {
  return checkLog({ origin: ORIGIN, verifier: logVerifier, objects, checkpoints, tileHeight: TIGHT.tileHeight });
}

const STEPS = ['create', 'advance', 'raise', 'sign', 'keep', 'replace'] as const;

test.each(STEPS.flatMap((step) => (['before', 'after'] as const).map((when) => [when, step] as const)))(
  'a crash %s %s: whoever opens the log next publishes what was answered, and all that was signed is its own',
  async (when, step) => {
    const state = emptyMemoryState();
    let isArmed = false;
    let isDead = false;
    const signed: string[] = [];
    const stop = async (): Promise<never> => {
      isDead = true;
      return new Promise<never>(() => {});
    };
    const call = async <T>(name: string, apply: () => Promise<T>): Promise<T> => {
      if (isDead || (isArmed && name === step && when === 'before')) return stop();
      const done = await apply();
      return isDead || (isArmed && name === step) ? stop() : done;
    };
    const signer = logSigner((text) => void signed.push(new TextDecoder().decode(text)));
    const { log } = await open(state, ({ objects, sequence, checkpoints, signedCheckpoints }) => ({
      objects: { ...objects, create: (...all) => call('create', () => objects.create(...all)) },
      sequence: {
        ...sequence,
        advance: (...all) => call('advance', () => sequence.advance(...all)),
        raiseSigned: (...all) => call('raise', () => sequence.raiseSigned(...all)),
      },
      signers: [{ ...signer, sign: (text) => call('sign', () => signer.sign(text)) }],
      signedCheckpoints: { keep: (...all) => call('keep', () => signedCheckpoints.keep(...all)) },
      checkpoints: { ...checkpoints, replace: (...all) => call('replace', () => checkpoints.replace(...all)) },
    }));
    await log.add(entry(0));
    isArmed = true;
    const answered: number[] = [];
    for (let i = 1; i < 4; i++) void log.add(entry(i)).then(({ index }) => void answered.push(index), String);
    await until(() => isDead);
    await later(10);
    const next = await open(state);
    expect(next.log.status().published).toBe(state.next);
    for (const index of answered) expect(index).toBeLessThan(state.next);
    await next.log.close({ timeoutMs: 5_000 });
    const { size } = await checked(next.store);
    expect(size).toBe(state.next);
    for (const text of signed) expect(Number(text.split('\n')[1])).toBeLessThanOrEqual(size);
  },
);

test('nothing is signed ahead before the floor is there', async () => {
  const state = emptyMemoryState();
  const floors: number[] = [];
  const signer = logSigner((text) => {
    floors.push(state.signed.size - Number(new TextDecoder().decode(text).split('\n')[1]));
  });
  const { log } = await open(state, () => ({ signers: [signer] }));
  for (let i = 0; i < 4; i++) await log.add(entry(i));
  await log.close({ timeoutMs: 5_000 });
  expect(floors.length).toBeGreaterThan(3);
  expect(Math.min(...floors)).toBe(0);
});

test('a kept note of another tree stops the log, and nobody is answered', async () => {
  const other = emptyMemoryState();
  const there = await open(other);
  await there.log.add({ ...entry(9), data: encodeUtf8('entry 9') });
  await there.log.close({ timeoutMs: 5_000 });
  const { log } = await open(emptyMemoryState(), ({ signedCheckpoints }) => ({
    signedCheckpoints: { keep: async (size, note) => other.kept.get(size) ?? signedCheckpoints.keep(size, note) },
  }));
  await expect(log.add(entry(1))).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect(await log.failed).toMatchObject({ code: 'fork', path: 'checkpoints/1' });
});

test('a kept note that nobody of this log signed stops the log', async () => {
  const { log } = await open(emptyMemoryState(), () => ({
    signedCheckpoints: { keep: async (_, note) => note.map((byte, at) => (at === note.length - 5 ? byte ^ 1 : byte)) },
  }));
  await expect(log.add(entry(1))).rejects.toMatchObject({ code: 'outcome-unknown' });
  expect((await log.failed).code).toBe('identity-mismatch');
});

test.each(['raise', 'sign'] as const)('a log that is closed in the middle of %s answers nobody', async (step) => {
  const state = emptyMemoryState();
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let isArmed = false;
  let signs = 0;
  const hold = async (name: string): Promise<void> => {
    if (!isArmed || name !== step) return;
    reached.resolve();
    await held.promise;
  };
  const signer = logSigner(() => void signs++);
  const { log } = await open(state, ({ sequence }) => ({
    signers: [{ ...signer, sign: (text) => hold('sign').then(() => signer.sign(text)) }],
    sequence: { ...sequence, raiseSigned: (...all) => hold('raise').then(() => sequence.raiseSigned(...all)) },
  }));
  isArmed = true;
  const answer = log.add(entry(1)).catch((error: unknown) => error);
  await reached.promise;
  const before = signs;
  expect(await log.close({ timeoutMs: 10 })).toBe('timed-out');
  held.resolve();
  await later(30);
  expect(await answer).toMatchObject({ code: 'outcome-unknown' });
  expect(state.kept.size).toBe(0);
  if (step === 'raise') expect(signs).toBe(before);
});

test('while the public checkpoint is late nobody is answered ahead, and nobody is let in; then it goes on', async () => {
  const state = emptyMemoryState();
  let isHeld = false;
  const { log } = await open(state, ({ sequence }) => ({
    // Every slot is somebody else's, who publishes nothing.
    sequence: {
      ...sequence,
      raiseSigned: async (to, minAgeMs, ahead) => {
        if (!isHeld) return sequence.raiseSigned(to, minAgeMs, ahead);
        if (ahead === true) await sequence.raiseSigned(to, 3_600_000, true);
        return { waitMs: 60 };
      },
    },
  }));
  isHeld = true;
  await log.add(entry(0));
  expect(log.status().unready).toBeUndefined();
  await later(SLOT_MS);
  await log.add(entry(1));
  await later(2 * SLOT_MS);
  expect(log.status().unready).toContain('that covers what was answered');
  const kept = state.kept.size;
  await expect(log.add(entry(2))).rejects.toMatchObject({ code: 'pushback', reason: 'integration' });
  await later(50);
  expect(state.kept.size).toBe(kept);
  isHeld = false;
  await until(() => log.status().published === 2);
  expect(log.status().unready).toBeUndefined();
  await log.close({ timeoutMs: 5_000 });
});

test('what joins the queue while the public checkpoint is late waits for it', async () => {
  const state = emptyMemoryState();
  let isHeld = false;
  const appends = Promise.withResolvers<void>();
  const { log } = await open(state, ({ sequence }) => ({
    sequence: {
      ...sequence,
      append: async (...all) => {
        if (isHeld) await appends.promise;
        return sequence.append(...all);
      },
      raiseSigned: async (to, minAgeMs, ahead) => {
        if (!isHeld) return sequence.raiseSigned(to, minAgeMs, ahead);
        if (ahead === true) await sequence.raiseSigned(to, 3_600_000, true);
        return { waitMs: 60 };
      },
    },
  }));
  await log.add(entry(0));
  isHeld = true;
  const last = log.add(entry(1));
  await later(2 * SLOT_MS + 50);
  expect(log.status().unready).toContain('that covers what was answered');
  const kept = state.kept.size;
  appends.resolve();
  await later(50);
  expect(state.kept.size).toBe(kept);
  isHeld = false;
  expect((await last).index).toBe(1);
  await log.close({ timeoutMs: 5_000 });
});

test('closing publishes what was answered', async () => {
  const { log, store } = await open(emptyMemoryState());
  for (let i = 0; i < 3; i++) await log.add(entry(i));
  expect(await log.close({ timeoutMs: 5_000 })).toBe('settled');
  expect((await checked(store)).size).toBe(3);
});

test.each(['published', 'signed'] as const)(
  'who waits beside a busy replica is answered with what that one published (%s)',
  async (answerAt) => {
    const state = emptyMemoryState();
    const store = openMemoryStore({ state, clock: realClock(), minIntervalMs: SLOT_MS });
    const options = {
      ...TIGHT,
      publishIntervalMs: SLOT_MS,
      answerAt,
      answerIntervalMs: 1,
      dedupe: { ...TIGHT.dedupe, maxLag: 1e6 },
    } as const;
    const { signedCheckpoints, sequence } = store;
    const busy = await openOn(store, { signedCheckpoints }, options);
    // It never gets a slot.
    const raiseSigned: typeof sequence.raiseSigned = async (to, _, ahead) => {
      if (ahead === true) await sequence.raiseSigned(to, 3_600_000, true);
      return { waitMs: SLOT_MS / 2 };
    };
    const head: typeof sequence.head = async () => ({ ...(await sequence.head()), raisedAgoMs: 0 });
    const beside = await openOn(store, { signedCheckpoints, sequence: { ...sequence, head, raiseSigned } }, options);
    const end = performance.now() + 8 * SLOT_MS;
    const write = async (): Promise<void> => {
      for (let i = 0; performance.now() < end; i++) await busy.add(entry(i)).catch(() => later(1));
    };
    const writeBeside = async (): Promise<Receipt> => {
      await later(20);
      for (let i = 1_000_000; ; i++) {
        const receipt = await beside.add(entry(i));
        if (answerAt === 'published' || receipt.publication.tree.size > beside.published().tree.size) return receipt;
      }
    };
    const [, { index, publication }] = await Promise.all([write(), writeBeside()]);
    expect(publication.tree.size).toBeGreaterThan(index);
    expect(performance.now()).toBeLessThan(end + 6 * SLOT_MS);
    expect(beside.published().tree.size).toBeGreaterThanOrEqual(publication.tree.size);
    expect(beside.status().unready).toBeUndefined();
    await Promise.all([busy, beside].map((log) => log.close({ timeoutMs: 2_000 })));
  },
);

test('is refused with nowhere to keep notes, and with witnesses that have to cosign', async () => {
  await expect(open(emptyMemoryState(), () => ({ signedCheckpoints: undefined }))).rejects.toThrow(RangeError);
  const cosign = (): Promise<never> => Promise.reject(new Error('nobody is asked'));
  const witnesses = { failClosed: true, isEnough: () => true, cosign };
  await expect(open(emptyMemoryState(), () => ({ witnesses }))).rejects.toThrow(RangeError);
});

test('witnesses who need not cosign are asked when a tree is published, and not for an answer', async () => {
  const state = emptyMemoryState();
  const asked: number[] = [];
  const cosigned = encodeUtf8(formatSignatureLine('witness', 9, new Uint8Array(40)));
  const witnesses: Witnesses = {
    failClosed: false,
    isEnough: (note) => note.length > 200,
    cosign: async ({ tree, note }) => {
      asked.push(tree.size);
      return { note: concatBytes(note, cosigned), enough: true, detail: '' };
    },
  };
  const { log, store } = await open(state, () => ({ witnesses }));
  for (let i = 0; i < 6; i++) {
    const { publication } = await log.add(entry(i));
    expect(new TextDecoder().decode(publication.note)).not.toContain('witness');
  }
  await until(() => log.status().published === 6);
  expect(new TextDecoder().decode((await checked(store)).note)).toContain('witness');
  expect(asked.length).toBeLessThan(state.kept.size);
  await log.close({ timeoutMs: 5_000 });
});
