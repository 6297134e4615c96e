import { readFileSync } from 'node:fs';
import { SYNC_PURPOSES } from '@tilewright/store-posix';
import { expect, test } from 'vitest';
import { mutate } from '../mutation.ts';
import { REPOSITORY } from '../run/repository.ts';
import { ALL_MUTATIONS } from './all-mutations.ts';
import { SYNC_MUTATIONS } from './sync-mutations.ts';

test.each(ALL_MUTATIONS)('$name still applies', (mutation) => {
  const source = readFileSync(new URL(mutation.file, REPOSITORY), 'utf8');
  expect(mutate(source, mutation)).not.toBe(source);
  if (mutation.world === 'test')
    expect(readFileSync(new URL(mutation.test ?? '', REPOSITORY), 'utf8')).toContain('test');
});

test('names are unique', () => {
  const names = ALL_MUTATIONS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('every sync of the driver is left out once', () => {
  expect(SYNC_MUTATIONS.map(({ purpose }) => purpose).toSorted()).toEqual([...SYNC_PURPOSES].sort());
});
