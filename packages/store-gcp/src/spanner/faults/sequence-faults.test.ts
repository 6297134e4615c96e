import { asHash, asTreeSize, type LeafIndex } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { hasCode } from '@tilewright/log';
import type { CommittedTree, SequenceStore, Token } from '@tilewright/log/ports';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  NO_SPANNER_EMULATOR,
  type SpannerEmulator,
  skipsWithoutSpannerEmulator,
  startSpannerEmulator,
} from '../../testing/spanner-emulator.ts';
import { TROUBLES, type TroubledSpanner, tokenOf, troubledSpanner } from './troubled-spanner.ts';

const never = new AbortController().signal;
const ALL = { entries: 1_000_000, bytes: 1_000_000_000 };
const bytesOf = (...texts: string[]): Uint8Array[] => texts.map((text) => new TextEncoder().encode(text));
const tree = (size: number): Tree => ({
  size: asTreeSize(size),
  root: asHash(sha256(bytesOf(`root ${size}`)[0] as Uint8Array)),
});

/** Appends as the engine does: whose outcome is unknown is asked for again with the same token. */
async function appendAsEngine(store: SequenceStore, entries: readonly Uint8Array[], token: Token): Promise<LeafIndex> {
  for (let tries = 0; ; tries++) {
    try {
      return await store.append(entries, token, never);
    } catch (error) {
      if (!hasCode(error, 'outcome-unknown') || tries > 20) throw error;
    }
  }
}

async function texts(store: SequenceStore): Promise<string[]> {
  const { batches } = await store.pending(ALL);
  return batches.flatMap(({ entries }) => entries.map((entry) => new TextDecoder().decode(entry)));
}

async function committedTwo(store: SequenceStore): Promise<CommittedTree> {
  await store.append(bytesOf('one', 'two', 'three', 'four'), tokenOf(1), never);
  const two = await store.advance((await store.head()).tree, tree(2));
  if (two === 'lost') throw new Error('nobody else is there');
  return two;
}

/** An operation: what it needs, what it is, and what must be so when it is over, however it went. */
interface Operation {
  readonly steps: readonly string[];
  readonly run: (own: SequenceStore, clear: SequenceStore) => Promise<unknown>;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  append: {
    steps: ['Read', 'Commit'],
    run: async (own, clear) => {
      expect(await clear.append(bytesOf('before'), tokenOf(1), never)).toBe(0);
      expect(await appendAsEngine(own, bytesOf('one', 'two'), tokenOf(2))).toBe(1);
      expect(await appendAsEngine(own, bytesOf('one', 'two'), tokenOf(2))).toBe(1);
      expect(await clear.append(bytesOf('behind'), tokenOf(3), never)).toBe(3);
      expect(await texts(clear)).toEqual(['before', 'one', 'two', 'behind']);
    },
  },
  advance: {
    steps: ['Read', 'Commit'],
    run: async (own, clear) => {
      const two = await committedTwo(clear);
      expect(await own.advance(two, tree(3))).toEqual(tree(3));
      expect((await clear.head()).tree).toEqual(tree(3));
      expect(await own.advance(two, tree(4))).toBe('lost');
    },
  },
  'raise the signed floor': {
    steps: ['Read', 'Commit'],
    run: async (own, clear) => {
      const two = await committedTwo(clear);
      expect(await clear.raiseSigned((await clear.head()).tree, 0)).toBe('raised');
      const three = await clear.advance(two, tree(3));
      if (three === 'lost') throw new Error('nobody else is there');
      await own.head();
      expect(await own.raiseSigned(three, 0)).toBe('raised');
      expect((await clear.head()).signed).toEqual(tree(3));
      await expect(own.raiseSigned(two, 0)).rejects.toMatchObject({ code: 'fork' });
      expect((await clear.head()).signed).toEqual(tree(3));
    },
  },
  'raise the signed floor ahead of publication': {
    steps: ['Read', 'Commit'],
    run: async (own, clear) => {
      const two = await committedTwo(clear);
      expect(await clear.raiseSigned(two, 0)).toBe('raised');
      const three = await clear.advance(two, tree(3));
      if (three === 'lost') throw new Error('nobody else is there');
      await own.head();
      const taken = await own.raiseSigned(three, 3_600_000, true);
      expect(taken).toEqual({ waitMs: expect.any(Number) });
      expect((await clear.head()).signed).toEqual(tree(3));
      // It took nobody's slot.
      expect(await clear.raiseSigned(three, 0)).toBe('raised');
    },
  },
  collect: {
    steps: ['Read', 'Commit'],
    run: async (own, clear) => {
      expect(await own.collect(asTreeSize(0), asTreeSize(256))).toBe(true);
      expect((await clear.head()).collected).toBe(256);
    },
  },
  release: {
    steps: ['Commit'],
    run: async (own, clear) => {
      await committedTwo(clear);
      await clear.append(bytesOf('five'), tokenOf(2), never);
      await own.release(asTreeSize(4));
      // The first batch is gone as a whole; what is left does not continue the tree.
      expect(await texts(clear)).toEqual([]);
      expect((await clear.head()).next).toBe(5);
    },
  },
  freeze: {
    steps: ['Read', 'Commit'],
    run: async (own, clear) => {
      await clear.append(bytesOf('one'), tokenOf(1), never);
      expect(await own.freeze(7_000)).toBe(1);
      await expect(clear.append(bytesOf('two'), tokenOf(2), never)).rejects.toMatchObject({ code: 'frozen' });
      expect(await clear.append(bytesOf('one'), tokenOf(1), never)).toBe(0);
      expect(await clear.head()).toMatchObject({ next: 1, frozenAtMs: 7_000 });
    },
  },
  head: {
    steps: ['Read'],
    run: async (own, clear) => {
      await committedTwo(clear);
      expect(await own.head()).toMatchObject({ tree: tree(2), next: 4 });
    },
  },
  'read what is pending': {
    steps: ['Read', 'StreamingRead'],
    run: async (own, clear) => {
      await committedTwo(clear);
      await clear.append(bytesOf('five'), tokenOf(2), never);
      expect(await texts(own)).toEqual(['three', 'four', 'five']);
    },
  },
};

let emulator: Promise<SpannerEmulator> | undefined;
let stage: TroubledSpanner;
afterAll(async () => (await emulator)?.stop());

describe.skipIf(skipsWithoutSpannerEmulator())(`on the emulator (where it is missing: ${NO_SPANNER_EMULATOR})`, () => {
  beforeEach(async () => {
    emulator ??= startSpannerEmulator();
    stage = await troubledSpanner(await emulator);
    // The session is made before anything goes wrong.
    await stage.troubled.sequence.head();
  });
  afterEach(() => stage.stop());

  describe.each(Object.entries(OPERATIONS))('%s', (_, { steps, run }) => {
    describe.each(steps)('%s', (method) => {
      test.each(Object.entries(TROUBLES))('%s', async (_, trouble) => {
        stage.proxy.inject({ method, ...trouble });
        await run(stage.troubled.sequence, stage.clear.sequence);
        expect(stage.proxy.allHappened).toBe(true);
      });
    });

    test('trouble at every step, one after the other', async () => {
      for (const method of steps) {
        stage.proxy.inject({ method, when: 'before', trouble: { status: 14 } });
        stage.proxy.inject({ method, when: 'before', trouble: 'reset', times: 2 });
        stage.proxy.inject({ method, when: 'before', trouble: { status: 10 }, times: 3 });
        stage.proxy.inject({ method, when: 'after', trouble: { status: 4 } });
      }
      await run(stage.troubled.sequence, stage.clear.sequence);
      expect(stage.proxy.allHappened).toBe(true);
    });

    test('a session that the service has forgotten', async () => {
      const [method = ''] = steps;
      stage.proxy.inject({ method, when: 'before', trouble: { status: 5, message: 'Session not found: s' } });
      stage.proxy.inject({ method: 'CreateSession', when: 'after', trouble: { status: 14 } });
      await run(stage.troubled.sequence, stage.clear.sequence);
      expect(stage.proxy.allHappened).toBe(true);
    });

    test('a refusal that does not pass is fatal, and tried once', async () => {
      const [method = ''] = steps;
      stage.proxy.inject({ method, when: 'before', trouble: { status: 7, message: 'no' }, times: 100 });
      await expect(run(stage.troubled.sequence, stage.clear.sequence)).rejects.toMatchObject({
        code: 'storage-failed',
        message: 'Spanner failed: no',
      });
      expect(stage.tries).toEqual([]);
    });
  });

  test.each(['Read', 'Commit', 'StreamingRead'])('a %s that failed is repeated by nobody but us', async (method) => {
    const { proxy, troubled, clear } = stage;
    await clear.sequence.append(bytesOf('one'), tokenOf(1), never);
    proxy.resetCounts();
    proxy.inject({ method, when: 'before', trouble: { status: 14 } });
    if (method === 'Commit') await troubled.sequence.collect(asTreeSize(0), asTreeSize(4));
    else expect(await texts(troubled.sequence)).toEqual(['one']);
    expect(stage.tries).toHaveLength(1);
    expect(proxy.counts[method]).toBe(2);
  });

  test.each([
    [5, 'Transaction not found'],
    [9, 'This transaction has been invalidated by a later transaction in the same session.'],
  ])('a transaction that was left alone for too long is begun again: status %i', async (status, message) => {
    const { proxy, troubled, clear } = stage;
    proxy.inject({ method: 'Commit', when: 'before', trouble: { status, message } });
    expect(await troubled.sequence.append(bytesOf('one'), tokenOf(1), never)).toBe(0);
    expect(await texts(clear.sequence)).toEqual(['one']);
  });

  test('a batch beyond what a cell holds is one batch, and is read back whole', async () => {
    const { clear } = stage;
    const long = Array.from({ length: 200 }, (_, n) => new Uint8Array(65_535).fill(n));
    expect(await clear.sequence.append(long, tokenOf(1), never)).toBe(0);
    const { batches } = await clear.sequence.pending(ALL);
    expect(batches.map(({ first, entries }) => [first, entries.length])).toEqual([
      [0, 143],
      [143, 57],
    ]);
    const found = batches.flatMap(({ entries }) => entries);
    expect(found.every((entry, n) => entry.length === 65_535 && entry[0] === n && entry[65_534] === n)).toBe(true);
    expect((await clear.sequence.pending({ entries: 1, bytes: 1 })).batches).toHaveLength(1);
    await clear.sequence.release(asTreeSize(150));
    await clear.sequence.advance((await clear.sequence.head()).tree, tree(143));
    expect((await clear.sequence.pending(ALL)).batches.map(({ first }) => first)).toEqual([143]);
  });

  test('a commit that is carried out after the next try was answered changes nothing', async () => {
    const { proxy, troubled, clear } = stage;
    proxy.inject({ method: 'Commit', when: 'early', trouble: { status: 14 } });
    expect(await appendAsEngine(troubled.sequence, bytesOf('one'), tokenOf(1))).toBe(0);
    await proxy.letGo();
    expect(await texts(clear.sequence)).toEqual(['one']);

    const { tree: zero } = await clear.sequence.head();
    proxy.inject({ method: 'Commit', when: 'early', trouble: { status: 14 } });
    const one = await troubled.sequence.advance(zero, tree(1));
    if (one === 'lost') throw new Error('nobody else is there');
    await clear.sequence.append(bytesOf('two'), tokenOf(2), never);
    const two = await clear.sequence.advance(one, tree(2));
    if (two === 'lost') throw new Error('nobody else is there');
    await proxy.letGo();
    expect((await clear.sequence.head()).tree).toEqual(tree(2));

    proxy.inject({ method: 'Commit', when: 'early', trouble: { status: 14 } });
    expect(await troubled.sequence.raiseSigned(one, 0)).toBe('raised');
    expect(await clear.sequence.raiseSigned(two, 0)).toBe('raised');
    await proxy.letGo();
    expect((await clear.sequence.head()).signed).toEqual(tree(2));
  });

  test('an append whose answer was lost keeps its index when others integrated and released it meanwhile', async () => {
    const { proxy, troubled, clear } = stage;
    proxy.inject({ method: 'Commit', when: 'after', trouble: 'reset' });
    await expect(troubled.sequence.append(bytesOf('one', 'two'), tokenOf(1), never)).rejects.toMatchObject({
      code: 'outcome-unknown',
    });
    await clear.sequence.advance((await clear.sequence.head()).tree, tree(2));
    await clear.sequence.append(bytesOf('three'), tokenOf(2), never);
    await clear.sequence.release(asTreeSize(2));
    expect(await troubled.sequence.append(bytesOf('one', 'two'), tokenOf(1), never)).toBe(0);
    expect(await texts(clear.sequence)).toEqual(['three']);
  });

  test('an append whose answer was lost is found on a log that was frozen meanwhile', async () => {
    const { proxy, troubled, clear } = stage;
    proxy.inject({ method: 'Commit', when: 'after', trouble: { status: 4 } });
    await expect(troubled.sequence.append(bytesOf('one'), tokenOf(1), never)).rejects.toThrow();
    expect(await clear.sequence.freeze(1)).toBe(1);
    expect(await troubled.sequence.append(bytesOf('one'), tokenOf(1), never)).toBe(0);
  });

  test('an advance whose answer was lost is lost when another replica went on from it', async () => {
    const { proxy, troubled, clear } = stage;
    const two = await committedTwo(clear.sequence);
    proxy.inject({ method: 'Commit', when: 'after', trouble: { status: 14 } });
    stage.betweenTries(async () => {
      const three = (await clear.sequence.head()).tree;
      expect(three).toEqual(tree(3));
      expect(await clear.sequence.advance(three, tree(4))).toEqual(tree(4));
    });
    expect(await troubled.sequence.advance(two, tree(3))).toBe('lost');
    expect((await clear.sequence.head()).tree).toEqual(tree(4));
  });

  test('a floor whose raise got lost does not come back below another replica', async () => {
    const { proxy, troubled, clear } = stage;
    const two = await committedTwo(clear.sequence);
    const three = await clear.sequence.advance(two, tree(3));
    if (three === 'lost') throw new Error('nobody else is there');
    await troubled.sequence.head();
    proxy.inject({ method: 'Commit', when: 'before', trouble: { status: 14 } });
    stage.betweenTries(async () => expect(await clear.sequence.raiseSigned(three, 0)).toBe('raised'));
    await expect(troubled.sequence.raiseSigned(two, 0)).rejects.toMatchObject({ code: 'fork' });
    expect((await clear.sequence.head()).signed).toEqual(tree(3));
  });

  test('entries that certainly were not stored are pushed back after a while', async () => {
    const { proxy, troubled, clear } = stage;
    proxy.inject({ method: 'Read', when: 'before', trouble: { status: 8, message: 'quota' }, times: 100_000 });
    const refused = troubled.sequence.append(bytesOf('one'), tokenOf(1), never);
    await expect(refused).rejects.toMatchObject({ code: 'pushback', reason: 'storage' });
    expect((await clear.sequence.head()).next).toBe(0);
  }, 30_000);

  test('closing ends what is under way, and what would be tried again', async () => {
    const { proxy, troubled } = stage;
    proxy.inject({ method: 'Commit', when: 'before', trouble: 'silence', times: 100 });
    proxy.inject({ method: 'StreamingRead', when: 'before', trouble: 'silence', times: 100 });
    await stage.clear.sequence.append(bytesOf('zero'), tokenOf(9), never);
    const calls = [
      troubled.sequence.append(bytesOf('one'), tokenOf(1), never),
      troubled.sequence.freeze(1),
      troubled.sequence.pending(ALL),
    ];
    const settled = Promise.allSettled(calls);
    while ((proxy.counts.StreamingRead ?? 0) === 0 || (proxy.counts.Commit ?? 0) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const started = performance.now();
    await troubled.connection.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(performance.now() - started).toBeLessThan(200);
    await expect(troubled.sequence.head()).rejects.toThrow();
  });
});
