import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { startTestWitness, type TestWitness } from '../../testing/start-test-witness.ts';
import { testLog } from '../../testing/test-log.ts';
import { openWitnessState } from '../state/open-witness-state.ts';

const NAME = 'witness.example/full';
const log = testLog('log.example/full');

/** A witness on a state in a file, and the connection that its state has. */
async function started(): Promise<{ readonly witness: TestWitness; readonly database: DatabaseSync }> {
  const directory = mkdtempSync(join(tmpdir(), 'tilewright-witness-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const opened: DatabaseSync[] = [];
  const open = (path: string): DatabaseSync => {
    const database = new DatabaseSync(path);
    opened.push(database);
    return database;
  };
  const state = openWitnessState({ path: join(directory, 'witness.db'), name: NAME, create: true, open });
  const witness = await startTestWitness({ name: NAME, logs: [log.vkey], state });
  onTestFinished(() => witness.close());
  const [database] = opened;
  if (database === undefined) throw new Error('it was opened');
  return { witness, database };
}

const post = async ({ url }: TestWitness, oldSize: number, size: number): Promise<Response> =>
  fetch(`${url}/add-checkpoint`, { method: 'POST', body: await log.request(oldSize, size) });

test('on a full disk nothing is signed, the events say why, and it goes on when there is room', async () => {
  const { witness, database } = await started();
  database.exec(
    'CREATE TABLE rest (x); CREATE TRIGGER full BEFORE INSERT ON heads BEGIN INSERT INTO rest VALUES (zeroblob(100000)); END',
  );
  database.exec('PRAGMA max_page_count = 1');
  const refused = await post(witness, 0, 4);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
  expect(await refused.text()).not.toContain('\u2014');
  expect(witness.events).toMatchObject([{ type: 'not-stored', error: { code: 'state-full' } }]);
  expect((await fetch(`${witness.url}/healthz`)).status).toBe(200);
  database.exec('DROP TRIGGER full; PRAGMA max_page_count = 1000000');
  expect((await post(witness, 0, 4)).status).toBe(200);
});

test('after a write that failed otherwise nothing is signed any more, and it is not healthy', async () => {
  const { witness, database } = await started();
  expect((await post(witness, 0, 4)).status).toBe(200);
  database.exec('PRAGMA query_only = ON');
  const refused = await post(witness, 4, 5);
  expect([refused.status, await refused.text()]).toEqual([503, 'this witness cannot use its state now\n']);
  database.exec('PRAGMA query_only = OFF');
  expect((await post(witness, 4, 5)).status).toBe(503);
  expect((await fetch(`${witness.url}/healthz`)).status).toBe(503);
  expect(await (await fetch(`${witness.url}/metrics`)).text()).toContain('tilewright_witness_state_usable 0');
  expect(witness.events.filter(({ type }) => type === 'not-stored')).toMatchObject([
    { error: { code: 'state-failed' } },
    { error: { code: 'state-failed' } },
  ]);
});
