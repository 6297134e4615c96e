import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expectCode } from '@tilewright/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { testLog } from '../../testing/test-log.ts';
import { WitnessError } from '../../witness-error.ts';
import { openWitnessState } from './open-witness-state.ts';
import type { WitnessState } from './witness-state.ts';
import { logIdOf, type WitnessedHead, witnessedHead } from './witnessed-head.ts';

const NAME = 'witness.example/state';
const log = testLog('log.example/state');

function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tilewright-witness-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'witness.db');
}

function open(path: string, create = false, name = NAME): WitnessState {
  const state = openWitnessState({ path, name, create });
  onTestFinished(() => state.close());
  return state;
}

/** A state whose connection the test can reach. */
function openWithDatabase(path: string): { readonly state: WitnessState; readonly database: DatabaseSync } {
  const opened: DatabaseSync[] = [];
  const state = openWitnessState({
    path,
    name: NAME,
    create: true,
    open: (file) => {
      const database = new DatabaseSync(file);
      opened.push(database);
      return database;
    },
  });
  onTestFinished(() => state.close());
  const [database] = opened;
  if (database === undefined) throw new Error('it was opened');
  return { state, database };
}

const headAt = async (size: number, of = log): Promise<WitnessedHead> =>
  witnessedHead(await of.checkpoint(size), 1_800_000_000 + size);

test('what was stored is there after a restart, and the file is for its owner alone', async () => {
  const path = temporaryFile();
  const first = open(path, true);
  const [four, five] = [await headAt(4), await headAt(5)];
  first.step(({ store }) => store(four));
  first.step(({ head, store }) => {
    expect(head(logIdOf(log.origin))).toEqual(four);
    store(five);
  });
  first.close();
  expect(statSync(path).mode % 0o1000).toBe(0o600);
  expect(existsSync(`${path}-wal`)).toBe(false);
  const second = open(path);
  expect(second.head(logIdOf(log.origin))).toEqual(five);
  expect(second.heads()).toEqual([five]);
});

test('a commit is synced before it returns: what SQLite is asked for', () => {
  const { database } = openWithDatabase(temporaryFile());
  const pragma = (name: string): unknown => database.prepare(`PRAGMA ${name}`).get()?.[name];
  // 2 is FULL.
  expect(['journal_mode', 'synchronous', 'locking_mode'].map(pragma)).toEqual(['wal', 2, 'exclusive']);
});

test('a step that throws stores nothing', async () => {
  const state = open(temporaryFile(), true);
  const four = await headAt(4);
  expect(() =>
    state.step(({ store }) => {
      store(four);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(state.heads()).toEqual([]);
});

test('a second opening is refused while the first one lives, and works after it', () => {
  const path = temporaryFile();
  const first = open(path, true);
  for (const create of [false, true]) {
    expectCode(() => open(path, create), WitnessError, 'state-locked');
  }
  expect(() => open(path)).toThrow(path);
  first.close();
  open(path).close();
});

test('a state is made only when that is asked for', () => {
  const path = temporaryFile();
  expectCode(() => open(path), WitnessError, 'state-missing');
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, '');
  expectCode(() => open(path), WitnessError, 'state-missing');
  open(path, true).close();
  open(path).close();
});

test('a state belongs to the witness that it was made for', () => {
  const path = temporaryFile();
  open(path, true).close();
  expectCode(() => open(path, true, 'another.example/w'), WitnessError, 'state-of-another');
  open(path).close();
});

test('what is no state is refused, and left as it is', () => {
  const path = temporaryFile();
  writeFileSync(
    path,
    'this is no database at all, but text that is long enough to have a header of one hundred bytes\n'.repeat(9),
  );
  const before = readFileSync(path);
  expectCode(() => open(path, true), WitnessError, 'state-corrupt');
  expect(readFileSync(path)).toEqual(before);

  const other = `${path}.other`;
  const database = new DatabaseSync(other);
  database.exec('CREATE TABLE shop (item TEXT); INSERT INTO shop VALUES (1)');
  database.close();
  expectCode(() => open(other, true), WitnessError, 'state-corrupt');
  expect(() => open(other)).toThrow(other);

  mkdirSync(`${path}.directory`);
  expectCode(() => open(`${path}.directory`, true), WitnessError, 'state-unusable');
  expectCode(() => open(`${path}.none/witness.db`, true), WitnessError, 'state-unusable');
});

test('a state of a newer format is refused', () => {
  const path = temporaryFile();
  open(path, true).close();
  const database = new DatabaseSync(path);
  database.exec('UPDATE witness SET format = 2');
  database.close();
  expectCode(() => open(path), WitnessError, 'state-newer');
});

test('N33 whatever byte of a closed state is changed, it is refused by name or says what was stored', async () => {
  const path = temporaryFile();
  const state = open(path, true);
  const heads = [await headAt(4), await headAt(200, testLog('log.example/second'))];
  for (const head of heads) state.step(({ store }) => store(head));
  const stored = state.heads();
  state.close();
  const good = readFileSync(path);
  const copy = `${path}.copy`;
  let refused = 0;
  for (let at = 0; at < good.length; at++) {
    // Of the room that is not used, a sample.
    if (good[at] === 0 && at % 17 > 0) continue;
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 0x41;
    for (const suffix of ['', '-wal', '-journal']) rmSync(`${copy}${suffix}`, { force: true });
    writeFileSync(copy, bad);
    try {
      const opened = openWitnessState({ path: copy, name: NAME, create: false });
      const found = opened.heads();
      opened.close();
      expect(found, `byte ${at}`).toEqual(stored);
    } catch (error) {
      if (!(error instanceof WitnessError)) throw error;
      expect(error.message, `byte ${at}`).toContain(copy);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(500);
});

test('a state that was cut short is refused', async () => {
  const path = temporaryFile();
  const state = open(path, true);
  const four = await headAt(4);
  state.step(({ store }) => store(four));
  state.close();
  const good = readFileSync(path);
  for (const length of [50, 4096, good.length - 4096, good.length - 1]) {
    writeFileSync(path, good.subarray(0, length));
    expectCode(() => open(path), WitnessError, 'state-corrupt');
  }
});

test('a changed value is found when it is read, and from then on nothing is stored', async () => {
  const { state, database } = openWithDatabase(temporaryFile());
  const four = await headAt(4);
  state.step(({ store }) => store(four));
  database.exec('UPDATE heads SET timestamp = timestamp + 1');
  expectCode(() => state.head(logIdOf(log.origin)), WitnessError, 'state-corrupt');
  expectCode(() => state.step(({ store }) => store(four)), WitnessError, 'state-corrupt');
});

test('where there is no room nothing is stored, and later it goes on', async () => {
  const path = temporaryFile();
  const { state, database } = openWithDatabase(path);
  const before = await headAt(4);
  state.step(({ store }) => store(before));
  database.exec('PRAGMA max_page_count = 1');
  const large = { ...before, note: Buffer.concat([before.note, Buffer.alloc(60_000, 0x61)]) };
  expectCode(() => state.step(({ store }) => store(large)), WitnessError, 'state-full');
  expect(() => state.step(({ store }) => store(large))).toThrow(path);
  expect(state.heads()).toEqual([before]);
  database.exec('PRAGMA max_page_count = 1000000');
  const five = await headAt(5);
  state.step(({ store }) => store(five));
  expect(state.heads()).toEqual([five]);
});

test('a copy of the state is a state: that is why an older one must never come back', async () => {
  const path = temporaryFile();
  const state = open(path, true);
  const [four, five] = [await headAt(4), await headAt(5)];
  state.step(({ store }) => store(four));
  state.close();
  copyFileSync(path, `${path}.backup`);
  const again = open(path);
  again.step(({ store }) => store(five));
  again.close();
  expect(open(`${path}.backup`).heads()).toEqual([four]);
});
