import { asTreeSize, concatBytes, decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint, frozenLine, frozenLineOf, parseCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { formatSignatureLine, KEY_TYPE, parseNote, signNote } from '@tilewright/core/note';
import { type Log, type LogDeps, LogError, type LogOptions } from '@tilewright/log';
import { type Cosigned, type CosignRequest, HALTED, type SequenceStore, type Witnesses } from '@tilewright/log/ports';
import { realClock, recordEvents } from '@tilewright/log/testing';
import { type MemoryStore, openMemoryStore } from '@tilewright/store-memory';
import { expect, test } from 'vitest';
import { logSigner, ORIGIN } from '../../../world/log-key.ts';
import { entry, openOn, storeWith, TIGHT } from './scene.ts';

const AT = 1_787_296_857_123;
const LINE = 'Log frozen — Fri Aug 21 07:20:57 UTC 2026';
const clock = { ...realClock(), wallMs: () => AT };
const CLOSE = { timeoutMs: 2_000 };

const COSIGNATURE = formatSignatureLine('witness.example', 7, new Uint8Array(72).fill(7));
const isEnough = (note: Uint8Array): boolean => decodeUtf8(note).includes(COSIGNATURE);
const cosigned = ({ note }: CosignRequest): Cosigned => ({
  note: concatBytes(note, encodeUtf8(COSIGNATURE)),
  enough: true,
  detail: '1 of 1 witnesses cosigned',
});
const missing = ({ note }: CosignRequest): Cosigned => ({ note, enough: false, detail: 'nobody cosigned' });

function witnesses(failClosed: boolean, cosign: (request: CosignRequest) => Cosigned): Witnesses {
  return { failClosed, isEnough, cosign: async (request) => cosign(request) };
}

/** Opens a log whose wall clock stands, with enough room for a few entries. */
function open(store: MemoryStore, changed: Partial<LogDeps> = {}, limits: Partial<LogOptions> = {}): Promise<Log> {
  const outstanding = { maxEntries: 100, maxBytes: 10_000 };
  return openOn(store, { clock, ...changed }, { ...TIGHT, outstanding, ...limits });
}

function checkpointOf({ state }: MemoryStore): { size: number; line: string | undefined; text: string } {
  const note = state.checkpoint?.note ?? new Uint8Array(0);
  const checkpoint = parseCheckpoint(parseNote(note).text);
  return { size: checkpoint.size, line: frozenLineOf(checkpoint), text: decodeUtf8(note) };
}

/** Another replica's opening of the same state. */
function replicaOf({ state }: MemoryStore): MemoryStore {
  return openMemoryStore({ state });
}

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (what()) return;
    await new Promise((done) => setTimeout(done, 4));
  }
  throw new Error(`it never came to that: ${what}`);
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 40));

test('a frozen log has published everything that it took, and then says that it takes nothing more', async () => {
  const store = await storeWith(2);
  const log = await open(store);
  const early = [5, 6, 7].map((i) => log.add(entry(i)));
  const { publication, line, already, enough, detail } = await log.freeze();
  const settled = await Promise.allSettled(early);
  const answered = settled.filter(({ status }) => status === 'fulfilled').length;
  expect([line, already, enough, detail]).toEqual([LINE, false, true, undefined]);
  expect(publication.tree.size).toBe(2 + answered);
  for (const each of settled) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'frozen' });
  expect(checkpointOf(store)).toMatchObject({ size: 2 + answered, line: LINE, text: decodeUtf8(publication.note) });
  await expect(log.add(entry(9))).rejects.toMatchObject({ code: 'frozen' });
  await expect(store.sequence.append([], new Uint8Array(16) as never, new AbortController().signal)).rejects.toThrow();
  expect(log.status()).toMatchObject({ frozen: true, next: 2 + answered });
  expect(await log.close(CLOSE)).toBe('settled');
});

test('a second freeze, here or after a start, changes nothing, whatever the time is', async () => {
  const store = await storeWith(1);
  const log = await open(store);
  const [first, beside] = await Promise.all([log.freeze(), log.freeze()]);
  expect([first.line, beside.line]).toEqual([LINE, LINE]);
  const before = checkpointOf(store).text;
  expect(await log.freeze()).toMatchObject({ already: true, line: LINE });
  await log.close(CLOSE);
  const later = { ...realClock(), wallMs: () => AT + 3_600_000 };
  const again = await open(store, { clock: later });
  expect(await again.freeze()).toMatchObject({ already: true, line: LINE });
  await pause();
  expect(checkpointOf(store).text).toBe(before);
  await again.close(CLOSE);
});

/** The calls of the store in the order of a freeze; a crash before or after each. */
const STEPS = ['freeze', 'pending', 'create', 'sync', 'advance', 'raiseSigned', 'sign', 'replace'] as const;

test.each(STEPS.flatMap((step) => [false, true].map((after) => [step, after] as const)))(
  'whoever crashes at %s (after it: %s) leaves a freeze that the next start finishes',
  async (step, after) => {
    const store = await storeWith(2);
    await store.sequence.append([entry(8).data], new Uint8Array(16) as never, new AbortController().signal);
    // Entry 8 is for the recovery; what is frozen besides is sequenced behind the log's back, as by another replica.
    let armed = false;
    const never = new Promise<never>(() => {});
    const crash =
      <A extends unknown[], T>(name: string, call: (...args: A) => Promise<T>) =>
      async (...args: A): Promise<T> => {
        if (!armed || name !== step) return call(...args);
        if (after) await call(...args);
        return never;
      };
    const { sequence, objects, checkpoints } = store;
    const key = logSigner(() => {});
    const log = await open(store, {
      sequence: {
        ...sequence,
        freeze: crash('freeze', sequence.freeze),
        pending: crash('pending', sequence.pending),
        advance: crash('advance', sequence.advance),
        raiseSigned: crash('raiseSigned', sequence.raiseSigned),
      },
      objects: { ...objects, create: crash('create', objects.create), sync: crash('sync', objects.sync) },
      checkpoints: { ...checkpoints, replace: crash('replace', checkpoints.replace) },
      signers: [{ ...key, sign: crash('sign', key.sign) }],
    });
    expect(checkpointOf(store).size).toBe(3);
    armed = true;
    await sequence.append([entry(9).data], new Uint8Array(16).fill(1) as never, new AbortController().signal);
    const end = log.freeze();
    void end.catch(() => undefined);
    await pause();
    expect(await log.close({ timeoutMs: 20 })).toBe(step === 'freeze' ? 'settled' : 'timed-out');
    const isMarked = store.state.frozenAtMs !== undefined;
    expect(isMarked).toBe(step !== 'freeze' || after);
    const next = await open(replicaOf(store));
    if (isMarked) {
      expect(checkpointOf(store)).toMatchObject({ size: 4, line: LINE });
      await expect(next.add(entry(10))).rejects.toMatchObject({ code: 'frozen' });
    } else {
      expect(checkpointOf(store)).toMatchObject({ size: 4, line: undefined });
      expect(await next.add(entry(10))).toMatchObject({ index: 4 });
    }
    expect(await next.close(CLOSE)).toBe('settled');
  },
);

test('a freeze of unknown outcome is asked again, and has one time', async () => {
  const store = await storeWith(1);
  let tries = 0;
  const freeze: SequenceStore['freeze'] = async (atMs) => {
    tries += 1;
    if (tries === 1) await store.sequence.freeze(atMs);
    if (tries < 3) throw new LogError('outcome-unknown', 'the connection broke');
    return store.sequence.freeze(atMs);
  };
  const log = await open(store, { sequence: { ...store.sequence, freeze } });
  expect(await log.freeze()).toMatchObject({ line: LINE });
  expect(tries).toBe(3);
  await log.close(CLOSE);
});

test('a freeze for which there is no room changes nothing', async () => {
  const store = await storeWith(1);
  const freeze = async (): Promise<never> => {
    throw new LogError('storage-full', 'the disk is full');
  };
  const log = await open(store, { sequence: { ...store.sequence, freeze } });
  await expect(log.freeze()).rejects.toMatchObject({ code: 'storage-full' });
  expect(await log.add(entry(5))).toMatchObject({ index: 1 });
  await log.close(CLOSE);
  expect(checkpointOf(store).line).toBeUndefined();
});

test('who waits for the end of a log that closes or fails before is told', async () => {
  const store = await storeWith(1);
  const held = await open(store, { witnesses: witnesses(true, missing) });
  const end = held.freeze();
  void end.catch(() => undefined);
  await until(() => held.status().frozen);
  await held.close({ timeoutMs: 20 });
  await expect(end).rejects.toMatchObject({ code: 'closing' });
  await expect(held.freeze()).rejects.toMatchObject({ code: 'closing' });
});

test('replicas learn of a freeze, and one line is published', async () => {
  const store = await storeWith(1);
  const one = await open(store);
  const other = await open(replicaOf(store));
  await one.freeze();
  await until(() => other.status().frozen);
  await expect(other.add(entry(5))).rejects.toMatchObject({ code: 'frozen' });
  const before = checkpointOf(store).text;
  expect(await other.freeze()).toMatchObject({ already: expect.any(Boolean), line: LINE });
  expect(checkpointOf(store).text).toBe(before);
  await Promise.all([one.close(CLOSE), other.close(CLOSE)]);
});

test('a replica that hears nothing learns from an append that is refused, and finishes what the other did not', async () => {
  const store = await storeWith(1);
  const deaf = replicaOf(store);
  const log = await open(store, { sequence: { ...deaf.sequence, changes: async function* () {} } });
  await store.sequence.freeze(AT);
  await expect(log.add(entry(5))).rejects.toMatchObject({ code: 'frozen' });
  await until(() => checkpointOf(store).line === LINE);
  await log.close(CLOSE);
});

test('a stale replica that is about to publish the same tree, or to have it cosigned again, leaves the last checkpoint', async () => {
  const store = await storeWith(1);
  const stale = replicaOf(store);
  const options = { cosign: { againMs: 20, lackingMs: 20 } };
  let asked = 0;
  const counting = witnesses(false, (request) => {
    asked += 1;
    return cosigned(request);
  });
  const deaf = await open(
    store,
    { sequence: { ...stale.sequence, changes: async function* () {} }, witnesses: counting },
    options,
  );
  await until(() => asked > 0);
  const other = await open(replicaOf(store), { witnesses: witnesses(false, cosigned) });
  await other.freeze();
  const { text } = checkpointOf(store);
  await pause();
  await pause();
  expect(checkpointOf(store).text).toBe(text);
  expect(deaf.status()).toMatchObject({ frozen: true, unready: undefined });
  await Promise.all([deaf.close(CLOSE), other.close(CLOSE)]);
});

test('a last checkpoint that enough have cosigned is not cosigned again', async () => {
  const store = await storeWith(1);
  let rounds = 0;
  const counted = witnesses(false, (request) => {
    rounds += 1;
    return cosigned(request);
  });
  const log = await open(store, { witnesses: counted }, { cosign: { againMs: 5, lackingMs: 5 } });
  const { enough, detail } = await log.freeze();
  expect([enough, detail]).toEqual([true, '1 of 1 witnesses cosigned']);
  const before = rounds;
  await pause();
  expect(await log.freeze()).toMatchObject({ already: true, enough: true, detail: undefined });
  expect(rounds).toBe(before);
  await log.close(CLOSE);
});

test('witnesses that are missing do not hold up a log that does not wait for them, and are asked again', async () => {
  const store = await storeWith(1);
  let answer = missing;
  const log = await open(store, { witnesses: witnesses(false, (request) => answer(request)) });
  expect(await log.freeze()).toMatchObject({ enough: false, detail: 'nobody cosigned', line: LINE });
  expect(checkpointOf(store)).toMatchObject({ line: LINE });
  expect(isEnough(log.published().note)).toBe(false);
  expect(await log.freeze()).toMatchObject({ already: true, enough: false, detail: 'nobody cosigned' });
  answer = cosigned;
  expect(await log.freeze()).toMatchObject({ already: true, enough: true });
  expect(checkpointOf(store).text).toContain(COSIGNATURE);
  await log.close(CLOSE);
});

test('a last checkpoint that too few have cosigned is cosigned later, also after a start', async () => {
  const store = await storeWith(1);
  let answer = missing;
  const asked = witnesses(false, (request) => answer(request));
  const log = await open(store, { witnesses: asked });
  await log.freeze();
  await log.close(CLOSE);
  const later = { ...realClock(), wallMs: () => AT + 5_000 };
  const limits = { cosign: { againMs: 20, lackingMs: 20 } };
  const next = await open(store, { witnesses: asked, clock: later }, limits);
  answer = cosigned;
  await until(() => checkpointOf(store).text.includes(COSIGNATURE));
  expect(checkpointOf(store).line).toBe(LINE);
  await next.close(CLOSE);
});

test('a log that waits for its witnesses gets its last checkpoint when they have cosigned it, and not before', async () => {
  const store = await storeWith(1);
  let answer = cosigned;
  const asked = witnesses(true, (request) => answer(request));
  const log = await open(store, { witnesses: asked });
  await until(() => log.status().unready === undefined);
  answer = missing;
  const end = log.freeze();
  await until(() => log.status().stalled === 'witness');
  expect(checkpointOf(store)).toMatchObject({ size: 1, line: undefined });
  answer = cosigned;
  expect(await end).toMatchObject({ enough: true, line: LINE });
  expect(checkpointOf(store).text).toContain(COSIGNATURE);
  await log.close(CLOSE);
});

test('what a witness has shown to be an old copy is never frozen as a log that ended', async () => {
  const store = await storeWith(1);
  await store.sequence.freeze(HALTED);
  const { text } = checkpointOf(store);
  const log = await open(store);
  await expect(log.freeze()).rejects.toMatchObject({ code: 'fork' });
  await pause();
  expect(checkpointOf(store).text).toBe(text);
  await log.close(CLOSE);
});

test('a signer whose signatures do not cover the line is left out of the last checkpoint', async () => {
  const store = await storeWith(1);
  const own = logSigner(() => {});
  const second = { name: ORIGIN, keyId: 77, type: KEY_TYPE.cosignatureMlDsa44, sign: async () => new Uint8Array(8) };
  const log = await open(store, { signers: [own, second] });
  await log.add(entry(5));
  expect(parseNote(log.published().note).signatures.map(({ keyId }) => keyId)).toEqual([own.keyId, 77]);
  const { publication } = await log.freeze();
  expect(parseNote(publication.note).signatures.map(({ keyId }) => keyId)).toEqual([own.keyId]);
  await log.close(CLOSE);
});

test('a log that another program froze is frozen, and keeps its line; a state that went on is refused', async () => {
  const store = await storeWith(1);
  const { size, root } = store.state.tree;
  const line = frozenLine(AT - 86_400_000);
  const note = await signNote(formatCheckpoint({ origin: ORIGIN, size, root, extensions: [line] }), [
    logSigner(() => {}),
  ]);
  store.state.checkpoint = { note, version: 'theirs' as never };
  const log = await open(replicaOf(store), { witnesses: witnesses(false, cosigned) });
  expect(log.status().frozen).toBe(true);
  await expect(log.add(entry(5))).rejects.toMatchObject({ code: 'frozen' });
  expect(await log.freeze()).toMatchObject({ already: true, line, enough: true });
  expect(checkpointOf(store)).toMatchObject({ line });
  await log.close(CLOSE);

  const other = await storeWith(1);
  other.state.checkpoint = { note, version: 'theirs' as never };
  await other.sequence.append([entry(7).data], new Uint8Array(16) as never, new AbortController().signal);
  await expect(open(other)).rejects.toMatchObject({ code: 'fork', message: /was frozen with 1 entries/ });
  expect(await other.sequence.head()).toMatchObject({ tree: { size: 1 }, next: 2, frozenAtMs: undefined });
});

test('a checkpoint that says frozen, over a state that is not, ends a replica that knows nothing of it', async () => {
  const store = await storeWith(1);
  const log = await open(store);
  const { size, root } = store.state.tree;
  const text = formatCheckpoint({ origin: ORIGIN, size, root, extensions: [LINE] });
  store.state.checkpoint = { note: await signNote(text, [logSigner(() => {})]), version: 'theirs' as never };
  void log.add(entry(5)).catch(() => undefined);
  expect(await Promise.race([log.failed, pause().then(pause).then(pause)])).toMatchObject({ code: 'fork' });
  expect(checkpointOf(store)).toMatchObject({ size: 1, line: LINE });
});

test('an empty log can be frozen', async () => {
  const store = openMemoryStore();
  const events = recordEvents();
  const log = await open(store, { events, witnesses: witnesses(false, cosigned) });
  const { publication } = await log.freeze();
  expect(publication.tree).toEqual({ size: asTreeSize(0), root: EMPTY_ROOT });
  expect(checkpointOf(store)).toMatchObject({ size: 0, line: LINE });
  expect(events.seen.filter(({ type }) => type === 'cosigned')).toHaveLength(1);
  await log.close(CLOSE);
});
