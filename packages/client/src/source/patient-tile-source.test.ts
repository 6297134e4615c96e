import { expect, test } from 'vitest';
import { ClientError, type ClientErrorCode } from '../client-error.ts';
import { patientTileSource } from './patient-tile-source.ts';
import type { TileSource } from './tile-source.ts';

const BYTES = new Uint8Array([1]);

/** A source that fails so often before it answers. */
function failing(times: number, code: ClientErrorCode, status = 503): TileSource & { asked: number } {
  return {
    label: 'failing',
    asked: 0,
    async read() {
      if (++this.asked <= times) throw new ClientError(code, 'failed', { status });
      return BYTES;
    },
    list: async () => [],
  };
}

function clock(): { readonly waited: number[]; sleep(ms: number): Promise<void> } {
  const waited: number[] = [];
  return { waited, sleep: async (ms) => void waited.push(ms) };
}

test.each(['network', 'timeout', 'http-status'] as const)(
  'after %s it is asked again, five times in all',
  async (code) => {
    const [source, time] = [failing(4, code), clock()];
    expect(await patientTileSource(source, time).read('checkpoint')).toBe(BYTES);
    expect([source.asked, time.waited]).toEqual([5, [250, 500, 1000, 2000]]);
    const down = failing(9, code);
    await expect(patientTileSource(down, clock()).read('checkpoint')).rejects.toMatchObject({ code });
    expect(down.asked).toBe(5);
  },
);

test.each(['io', 'too-large', 'missing', 'malformed', 'aborted'] as const)('%s is not asked again', async (code) => {
  const [source, time] = [failing(1, code), clock()];
  await expect(patientTileSource(source, time).read('checkpoint')).rejects.toMatchObject({ code });
  expect([source.asked, time.waited]).toEqual([1, []]);
});

test('whoever gives up is not kept waiting; names can be listed as before', async () => {
  const stop = new AbortController();
  stop.abort();
  const source = failing(9, 'network');
  const patient = patientTileSource(source, clock());
  await expect(patient.read('checkpoint', stop.signal)).rejects.toMatchObject({ code: 'network' });
  expect([source.asked, await patient.list?.('')]).toEqual([1, []]);
});

test.each([400, 403, 501])('a server that answers %i means it', async (status) => {
  const source = failing(1, 'http-status', status);
  await expect(patientTileSource(source, clock()).read('checkpoint')).rejects.toMatchObject({ status });
  expect(source.asked).toBe(1);
});
