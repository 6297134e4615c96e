import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('two minutes and a seed of the time, unless said otherwise', () => {
  const defaults = { help: false, minutes: 2, seed: 345_678, state: undefined, report: undefined, json: false };
  expect(readOptions([], 12_345_678)).toEqual(defaults);
  const args = ['--minutes', '10', '--seed', '7', '--state', 'dir', '--report', 'file', '--json'];
  expect(readOptions(args, 0)).toEqual({
    help: false,
    minutes: 10,
    seed: 7,
    state: 'dir',
    report: 'file',
    json: true,
  });
  expect(readOptions(['--minutes', '0.25'], 0).minutes).toBe(0.25);
  expect(readOptions(['-h'], 0).help).toBe(true);
});

test.each([
  ['--minutes', 'many'],
  ['--minutes', '-1'],
  ['--minutes', '61'],
  ['--minutes', '1e1'],
  ['--minutes', ''],
  ['--seed', '-1'],
  ['--seed', '1.5'],
  ['--seed', '2147483648'],
  ['--state', ''],
  ['--rounds', '1'],
  ['stray', 'words'],
])('%s %s is refused', (...args) => {
  expect(() => readOptions(args, 0)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^ERR_PARSE_ARGS/) }),
  );
});

test('a report alone is one of a state directory', () => {
  expect(() => readOptions(['--minutes', '0', '--report', 'file'], 0)).toThrow(/--state and --report/);
  expect(readOptions(['--minutes', '0', '--report', 'file', '--state', 'dir'], 0).minutes).toBe(0);
});
