import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import type { DedupeIndex } from '@tilewright/log/ports';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  NO_SPANNER_EMULATOR,
  type SpannerEmulator,
  skipsWithoutSpannerEmulator,
  startSpannerEmulator,
} from '../../testing/spanner-emulator.ts';
import { TROUBLES, type TroubledSpanner, troubledSpanner } from './troubled-spanner.ts';

const id = (n: number): Hash => sha256(new TextEncoder().encode(`leaf ${n}`));

/** An operation: the calls it makes, what it is, and what must be so when it is over, however it went. */
interface Operation {
  readonly steps: readonly string[];
  readonly run: (own: DedupeIndex, clear: DedupeIndex) => Promise<void>;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'add what is new': {
    steps: ['Read', 'Commit'],
    run: async (own, clear) => {
      expect(await clear.add(asTreeSize(0), [id(0)])).toBe(true);
      expect(await own.add(asTreeSize(1), [id(1), id(2), id(1)])).toBe(true);
      expect(await clear.covered()).toBe(4);
      expect(await clear.find([id(0), id(1), id(2)])).toEqual([0, 1, 2]);
      expect(await own.add(asTreeSize(1), [id(8)])).toBe(false);
      expect(await clear.find([id(8)])).toEqual([undefined]);
    },
  },
  'add what is partly known': {
    steps: ['Read', 'Commit'],
    run: async (own, clear) => {
      expect(await clear.add(asTreeSize(0), [id(0), id(1)])).toBe(true);
      expect(await own.add(asTreeSize(2), [id(1), id(2)])).toBe(true);
      expect(await clear.covered()).toBe(4);
      expect(await clear.find([id(0), id(1), id(2)])).toEqual([0, 1, 3]);
    },
  },
  find: {
    steps: ['Read'],
    run: async (own, clear) => {
      await clear.add(asTreeSize(0), [id(0), id(1)]);
      expect(await own.find([id(1), id(7), id(0)])).toEqual([1, undefined, 0]);
    },
  },
  covered: {
    steps: ['Read'],
    run: async (own, clear) => {
      await clear.add(asTreeSize(0), [id(0), id(1)]);
      expect(await own.covered()).toBe(2);
    },
  },
  reset: {
    steps: ['Commit'],
    run: async (own, clear) => {
      await clear.add(asTreeSize(0), [id(0), id(1)]);
      await own.reset();
      expect(await clear.covered()).toBe(0);
      expect(await clear.find([id(0)])).toEqual([undefined]);
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
    await stage.troubled.sequence.head();
  });
  afterEach(() => stage.stop());

  describe.each(Object.entries(OPERATIONS))('%s', (_, { steps, run }) => {
    describe.each(steps)('%s', (method) => {
      test.each(Object.entries(TROUBLES))('%s', async (_, trouble) => {
        stage.proxy.inject({ method, ...trouble });
        await run(stage.troubled.dedupe, stage.clear.dedupe);
        expect(stage.proxy.allHappened).toBe(true);
      });
    });

    test('a refusal that does not pass is an error, never a miss', async () => {
      const [method = ''] = steps;
      stage.proxy.inject({ method, when: 'before', trouble: { status: 7 }, times: 100 });
      await expect(run(stage.troubled.dedupe, stage.clear.dedupe)).rejects.toMatchObject({ code: 'storage-failed' });
    });
  });

  test('the commit that names a known hash goes wrong, and so does the look at what is known', async () => {
    const { proxy, troubled, clear } = stage;
    await clear.dedupe.add(asTreeSize(0), [id(0)]);
    proxy.inject({ method: 'Commit', after: 1, when: 'after', trouble: 'reset' });
    proxy.inject({ method: 'Read', after: 1, when: 'before', trouble: { status: 14 } });
    expect(await troubled.dedupe.add(asTreeSize(1), [id(0), id(1)])).toBe(true);
    expect(proxy.allHappened).toBe(true);
    expect(await clear.dedupe.find([id(0), id(1)])).toEqual([0, 2]);
  });

  test('of replicas that follow one log each entry is indexed once', async () => {
    const follow = async (index: DedupeIndex): Promise<void> => {
      for (let from = await index.covered(); from < 200; ) {
        const ids = Array.from({ length: 10 }, (_, at) => id((from + at) % 150));
        from = (await index.add(from, ids)) ? asTreeSize(from + 10) : await index.covered();
      }
    };
    await Promise.all([follow(stage.troubled.dedupe), follow(stage.clear.dedupe)]);
    expect(await stage.clear.dedupe.covered()).toBe(200);
    const all = Array.from({ length: 150 }, (_, n) => n);
    expect(await stage.clear.dedupe.find(all.map(id))).toEqual(all);
  });
});
