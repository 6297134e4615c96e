import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('fifty cycles unless told otherwise, and no bound on them when there is one on the time', () => {
  expect(readOptions([], 1_234)).toMatchObject({
    cycles: 50,
    minutes: Infinity,
    writers: 64,
    fsckEvery: 10,
    seed: 1_234,
  });
  expect(readOptions(['--minutes', '1.5'], 0)).toMatchObject({ cycles: Infinity, minutes: 1.5 });
  expect(readOptions(['--rounds', '7', '--seed', '3'], 0)).toMatchObject({ cycles: 7, seed: 3 });
  expect(readOptions(['--cycles', '8', '--minutes', '2'], 0)).toMatchObject({ cycles: 8, minutes: 2 });
});

test('replicas are counted, and crashed for so many minutes', () => {
  expect(readOptions([], 0).replicas).toBeUndefined();
  expect(readOptions(['--replicas', '3', '--minutes', '2'], 0)).toMatchObject({ replicas: 3, minutes: 2 });
});

test.each([
  ['--cycles', '0'],
  ['--cycles', 'x'],
  ['--cycles='],
  ['--writers', '1.5'],
  ['--minutes', '-1'],
  ['--nope'],
  ['--replicas', '0'],
  ['--replicas', '3', '--cycles', '2'],
])('a usage error: %s %s', (...args) => {
  const code = (() => {
    try {
      readOptions(args, 0);
      return undefined;
    } catch (error) {
      return error instanceof TypeError && 'code' in error ? error.code : error;
    }
  })();
  expect(code).toMatch(/^ERR_PARSE_ARGS/);
});
