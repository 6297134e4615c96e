import { encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import { expect, test } from 'vitest';
import { testCosigner } from '../../testing/start-test-witness.ts';
import { testLog } from '../../testing/test-log.ts';
import { readKnownLogs } from '../known-logs.ts';
import { witnessStateInMemory } from '../state/open-witness-state.ts';
import type { WitnessState } from '../state/witness-state.ts';
import { logIdOf } from '../state/witnessed-head.ts';
import { decide, type Rules } from './decide.ts';
import { Witness } from './witness.ts';

const NAME = 'witness.example/race';
const log = testLog('log.example/race');
const fork = testLog('log.example/race', { entry: (index) => (index < 3 ? `record ${index}` : `other ${index}`) });
const cosigners = [testCosigner(NAME)];
const logs = readKnownLogs(encodeUtf8(`log ${log.vkey}\n`), cosigners);
const nowMs = (): number => 1_800_000_000_000;

type AddCheckpoint = (body: Uint8Array) => Promise<{ readonly status: number }>;

function realWitness(state: WitnessState): AddCheckpoint {
  const witness = new Witness({ cosigners, logs, state, nowMs, events: { emit: () => undefined } });
  return (body) => witness.addCheckpoint(body);
}

/** What a witness would be that checks and stores in two steps: the step after an await belongs to somebody else. */
function takenApart(state: WitnessState): AddCheckpoint {
  const rules: Rules = { logs, canSign: () => true, nowS: 1_800_000_000 };
  return async (body) => {
    const stored = state.head(logIdOf(log.origin));
    await undefined;
    let wanted = stored;
    const decision = decide(body, rules, {
      head: () => stored,
      store: (head) => {
        wanted = head;
      },
    });
    if (wanted !== undefined && decision.status === 200) {
      const head = wanted;
      state.step(({ store }) => store(head));
    }
    return decision;
  };
}

/** Two requests that race from size 3: one to 5 entries, one to 7 of another history. Both are signed by the log. */
async function race(make: (state: WitnessState) => AddCheckpoint): Promise<number[]> {
  const state = witnessStateInMemory(NAME);
  const addCheckpoint = make(state);
  expect((await addCheckpoint(await log.request(0, 3))).status).toBe(200);
  const [five, seven] = [await log.request(3, 5), await fork.request(3, 7)];
  const answers = await Promise.all([addCheckpoint(five), addCheckpoint(seven)]);
  return answers.map(({ status }) => status);
}

test('WT-9 N31 of two racing requests for two histories one is cosigned', async () => {
  expect(await race(realWitness)).toEqual([200, 409]);
});

test('the race is one: a witness that checks and stores in two steps cosigns both histories', async () => {
  expect(await race(takenApart)).toEqual([200, 200]);
});

test('WT-9 the documented race, from 0 to 5 and from 0 to 3: what was stored never falls', async () => {
  const state = witnessStateInMemory(NAME);
  const addCheckpoint = realWitness(state);
  const bodies = [await log.request(0, 5), await log.request(0, 3)];
  expect((await Promise.all(bodies.map(addCheckpoint))).map(({ status }) => status)).toEqual([200, 409]);
  expect(state.head(logIdOf(log.origin))?.checkpoint.size).toBe(5);
});

test('a step that waits is refused, and leaves nothing behind', async () => {
  const state = witnessStateInMemory(NAME);
  const note = await log.checkpoint(3);
  const head = { note, checkpoint: { origin: log.origin, ...log.tree(3), extensions: [] }, timestamp: 1 };
  expect(() =>
    state.step(async ({ store }) => {
      store(head);
      await undefined;
    }),
  ).toThrow(TypeError);
  expect(state.heads()).toEqual([]);
  state.step(({ store }) => store(head));
  expect(equalBytes(state.heads()[0]?.note ?? new Uint8Array(), note)).toBe(true);
});
