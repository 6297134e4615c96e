import { expect, test } from 'vitest';
import { readOptions, UsageError } from './options.ts';

test('options are read', () => {
  const options = readOptions(['--seeds', '5', '--from', '7', '--world', 'machine', '--jobs', '1']);
  expect(options).toMatchObject({ seeds: 5, from: 7, world: 'machine', jobs: 1, exhaustive: false });
  expect(readOptions(['--world', 'replicas', '--decisions', '3:1,9:4']).decisions).toEqual([
    { at: 3, answer: 1 },
    { at: 9, answer: 4 },
  ]);
  expect(readOptions(['--world', 'replicas', '--decisions', '']).decisions).toEqual([]);
});

test.each([
  [['--seeds', 'many'], '--seeds takes a whole number from 1'],
  [['--seeds', '0'], '--seeds takes a whole number from 1'],
  [['--jobs', '-1'], "Option '--jobs' argument is ambiguous"],
  [['--world', 'flat'], '--world is one of machine, replicas'],
  [['--decisions', '1:1'], '--decisions needs --world'],
  [['--world', 'machine', '--decisions', '1-1'], "'1-1' is no decision"],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

test('what makes no sense is an error of usage', () => {
  expect(() => readOptions(['--seeds', 'many'])).toThrow(UsageError);
});
