import { expect, test } from 'vitest';
import { mutationNamed } from '../lists/all-mutations.ts';
import { mutationTable } from '../mutation-table.ts';
import { tryMutation } from './gate.ts';

/** Some that are caught early, in each world; all of them are run by `npm run mutations`. */
const SAMPLE = [
  'sync-segment-opened',
  'sync-floor-raised',
  'integrate-objects-not-awaited',
  'backlog-with-a-gap',
  'answer-with-a-proof-of-another-tree',
  'torn-end-below-the-tree',
];

test.each(SAMPLE)(
  '%s is caught',
  async (name) => {
    const mutation = mutationNamed(name);
    const verdict = await tryMutation(mutation, { from: 1, seeds: 300, seconds: 20 });
    expect(verdict).toMatchObject({ name, caught: true, notice: 'promise' });
    expect(mutationTable([mutation], new Map([[name, verdict]]))).toContain(`| ${name} | `);
  },
  60_000,
);

test('what a test does not notice is not caught', async () => {
  const story = 'packages/sim/src/mutations/stories/posix/lock.test.ts';
  const mutation = { ...mutationNamed('sync-adopted-aside'), test: story };
  const verdict = await tryMutation(mutation, { from: 1, seeds: 1, seconds: 20 });
  expect(verdict.caught).toBe(false);
  expect(mutationTable([mutation], new Map([[mutation.name, verdict]]))).toContain('NOT CAUGHT');
}, 60_000);
