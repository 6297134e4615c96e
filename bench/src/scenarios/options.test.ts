import { expect, test } from 'vitest';
import { HELP } from './help.ts';
import { requireK6 } from './k6/k6-binary.ts';
import { readOptions } from './options.ts';
import { MOST_ITERATIONS, SCENARIOS } from './scenario.ts';

test('a scenario has defaults, and each can be set', () => {
  const plain = readOptions(['arrival']);
  expect(plain).toMatchObject({ url: undefined, size: { seconds: 30, rate: 200 }, count: 6_200, isOwned: false });
  const set = readOptions(['arrival', '--seconds', '2', '--rate', '7', '--p95', '9', '--max-failed', '0.5', '--json']);
  expect(set).toMatchObject({ size: { seconds: 2, rate: 7 }, count: 21, limits: { p95: 9, p99: 2_000, failed: 0.5 } });
  expect(set?.json).toBe(true);
  expect(readOptions(['ramp', '--help'])).toBeUndefined();
});

test('no run is longer than an hour or makes more than so many requests', () => {
  for (const { name } of SCENARIOS) {
    expect(readOptions([name, '--seconds', '3600', '--vus', '5000'])?.count).toBeLessThanOrEqual(MOST_ITERATIONS);
    expect(HELP).toContain(`\n  ${name} `);
  }
  expect(() => readOptions(['ramp', '--seconds', '3601'])).toThrow('--seconds takes an integer from 1 to 3600');
  expect(() => readOptions(['ramp', '--count', String(MOST_ITERATIONS + 1)])).toThrow('--count takes');
});

test.each([
  [[], 'give one scenario of ramp, arrival'],
  [['nothing'], 'give one scenario'],
  [['ramp', 'soak'], 'give one scenario'],
  [['ramp', '--rate', '5'], 'ramp has no rate'],
  [['arrival', '--rate', '1e3'], '--rate takes an integer'],
  [['arrival', '--max-failed', '2'], '--max-failed takes a share'],
  [['arrival', '--max-failed', '1.5'], '--max-failed takes a share'],
  [['grpc', '--url', 'http://127.0.0.1:1'], 'needs --grpc'],
  [['ramp', '--url', 'http://127.0.0.1:1', '--grpc', '127.0.0.1:2'], '--grpc belongs to the scenario grpc'],
  [['ramp', '--unknown'], 'Unknown option'],
])('refused: %j', (args, message) => {
  const caught = (() => {
    try {
      return readOptions(args);
    } catch (error) {
      return error;
    }
  })();
  expect(caught).toMatchObject({ code: expect.stringMatching(/^ERR_PARSE_ARGS/) });
  expect(String(caught)).toContain(message);
});

test('without k6 it says how to get it', () => {
  expect(() => requireK6('/nowhere/k6')).toThrow('k6 is missing: run tools/install --only k6');
});
