import { realClock, realEntropy } from '@tilewright/log/testing';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SpannerPlace } from '../../place/spanner-path.ts';
import {
  NO_SPANNER_EMULATOR,
  type SpannerEmulator,
  skipsWithoutSpannerEmulator,
  startSpannerEmulator,
} from '../../testing/spanner-emulator.ts';
import { connectSpanner } from '../connect-spanner.ts';
import { intCell } from '../rpc/cells.ts';
import { spannerSequence } from '../sequence/spanner-sequence.ts';
import type { SpannerConnection } from '../spanner-connection.ts';
import { claimIdentity } from './claim-identity.ts';
import { initSchema, migrateSchema } from './init-schema.ts';
import { makeDatabase, runStatements } from './make-database.ts';
import { type LogIdentity, readSchema } from './read-schema.ts';
import { createTables } from './tables.ts';

const world = { clock: realClock(), entropy: realEntropy() };
const MINE: LogIdentity = { origin: 'example.com/log', logId: new Uint8Array(32).fill(7), entries: 'rekor' };

let emulator: Promise<SpannerEmulator> | undefined;
let place: SpannerPlace;
const connections: SpannerConnection[] = [];
afterAll(async () => (await emulator)?.stop());

async function connect(to: SpannerPlace = place): Promise<SpannerConnection> {
  const connection = await connectSpanner(to, world);
  connections.push(connection);
  return connection;
}

/** Tables as another version of this program leaves them. */
async function ofFormat(format: number): Promise<SpannerConnection> {
  const connection = await connect();
  await initSchema(connection, { create: true });
  const values = [{ values: [intCell(0), intCell(format)] }];
  await connection.write([{ update: { table: 'Meta', columns: ['id', 'format'], values } }]);
  return connection;
}

describe.skipIf(skipsWithoutSpannerEmulator())(`on the emulator (where it is missing: ${NO_SPANNER_EMULATOR})`, () => {
  beforeEach(async () => {
    emulator ??= startSpannerEmulator();
    place = (await emulator).place();
  });
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
  });

  test('no instance', async () => {
    const connection = await connect({ ...place, instance: 'nowhere' });
    expect(await readSchema(connection)).toEqual({ kind: 'no-database' });
    await expect(initSchema(connection, { create: false })).rejects.toMatchObject({ code: 'no-place' });
  });

  test('no database', async () => {
    const connection = await connect();
    expect(await readSchema(connection)).toEqual({ kind: 'no-database' });
    await expect(initSchema(connection, { create: false })).rejects.toMatchObject({ code: 'no-place' });
    await expect(migrateSchema(connection)).rejects.toMatchObject({ code: 'no-place' });
    expect(await initSchema(connection, { create: true })).toBe('created');
    expect(await readSchema(connection)).toEqual({ kind: 'current', identity: undefined });
  });

  test('a database without our tables', async () => {
    const connection = await connect();
    await makeDatabase(connection);
    expect(await readSchema(connection)).toEqual({ kind: 'none' });
    await expect(migrateSchema(connection)).rejects.toMatchObject({ code: 'no-schema' });
    await expect(claimIdentity(connection, MINE)).rejects.toMatchObject({ code: 'failed' });
    expect(await initSchema(connection, { create: false })).toBe('created');
    expect(await initSchema(connection, { create: false })).toBe('exists');
    expect(await migrateSchema(connection)).toBe('current');
  });

  test.each([1, 2, 5])('making them was stopped behind statement %i', async (statements) => {
    const connection = await connect();
    await makeDatabase(connection);
    await runStatements(connection, createTables('').slice(0, statements));
    expect(await readSchema(connection)).toEqual({ kind: 'none' });
    await expect(claimIdentity(connection, MINE)).rejects.toMatchObject({ code: 'no-schema' });
    expect(await initSchema(connection, { create: false })).toBe('created');
    expect(await readSchema(connection)).toEqual({ kind: 'current', identity: undefined });
  });

  test('of several that make them at once one does, and all find them', async () => {
    const jobs = await Promise.all([connect(), connect(), connect()]);
    const done = await Promise.all(jobs.map((job) => initSchema(job, { create: true })));
    expect(done.toSorted()).toEqual(['created', 'exists', 'exists']);
    for (const job of jobs) expect(await readSchema(job)).toEqual({ kind: 'current', identity: undefined });
  });

  test('tables of an older program', async () => {
    const connection = await ofFormat(0);
    expect(await readSchema(connection)).toEqual({ kind: 'older', format: 0 });
    await expect(initSchema(connection, { create: false })).rejects.toMatchObject({ code: 'schema-older' });
    await expect(migrateSchema(connection)).rejects.toMatchObject({ code: 'schema-older' });
    await expect(claimIdentity(connection, MINE)).rejects.toMatchObject({ code: 'schema-older' });
  });

  test('tables of a newer program are left alone', async () => {
    const connection = await ofFormat(2);
    expect(await readSchema(connection)).toEqual({ kind: 'newer', format: 2 });
    await expect(initSchema(connection, { create: true })).rejects.toMatchObject({ code: 'schema-newer' });
    await expect(migrateSchema(connection)).rejects.toMatchObject({ code: 'schema-newer' });
    await expect(claimIdentity(connection, MINE)).rejects.toMatchObject({ code: 'schema-newer' });
    expect(await readSchema(connection)).toEqual({ kind: 'newer', format: 2 });
  });

  test('the first log to claim the tables has them', async () => {
    const connection = await connect();
    await initSchema(connection, { create: true });
    await claimIdentity(connection, MINE);
    expect(await readSchema(connection)).toEqual({ kind: 'current', identity: MINE });
    await claimIdentity(await connect(), MINE);
    const others: LogIdentity[] = [
      { ...MINE, origin: 'example.com/other' },
      { ...MINE, logId: new Uint8Array(32) },
      { ...MINE, entries: 'raw' },
    ];
    for (const other of others)
      await expect(claimIdentity(connection, other)).rejects.toMatchObject({ code: 'identity-mismatch' });
    expect(await readSchema(connection)).toEqual({ kind: 'current', identity: MINE });
  });

  test('of two logs that claim them at once one gets them', async () => {
    const [one, other] = [await connect(), await connect()];
    await initSchema(one, { create: true });
    const done = await Promise.allSettled([
      claimIdentity(one, MINE),
      claimIdentity(other, { ...MINE, origin: 'example.com/other' }),
    ]);
    expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('logs under different prefixes do not see each other', async () => {
    const [one, other] = [await connect({ ...place, tablePrefix: 'a' }), await connect({ ...place, tablePrefix: 'b' })];
    expect(await initSchema(one, { create: true })).toBe('created');
    expect(await readSchema(other)).toEqual({ kind: 'none' });
    expect(await initSchema(other, { create: true })).toBe('created');
    const [first, second] = [one, other].map((connection) => spannerSequence(connection, { pollMs: 1000, ...world }));
    await first?.append([new Uint8Array(1)], world.entropy.token(), new AbortController().signal);
    expect([(await first?.head())?.next, (await second?.head())?.next]).toEqual([1, 0]);
  });

  test.each(["x'; DROP TABLE Meta; --", 'a b', '1a', 'a`', 'x'.repeat(65)])('%j is no prefix', async (tablePrefix) => {
    await expect(connectSpanner({ ...place, tablePrefix }, world)).rejects.toMatchObject({ code: 'bad-place' });
  });
});

test('nobody listens at the emulator', async () => {
  const nobody = { project: 'p', instance: 'i', database: 'd', tablePrefix: '', emulator: '127.0.0.1:1' };
  const connection = await connectSpanner(nobody, { ...world, patienceMs: 200, callTimeoutMs: 500 });
  await expect(readSchema(connection)).rejects.toMatchObject({ code: 'unreachable' });
  await connection.close();
});
