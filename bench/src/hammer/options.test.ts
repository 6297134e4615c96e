import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

const NOW = new Date('2026-11-21T12:34:56Z');
const read = (...args: string[]) => readOptions(['http://127.0.0.1:1', '--vkey=k', ...args], NOW);

test('the defaults bound a run in time', () => {
  expect(read()).toMatchObject({
    url: 'http://127.0.0.1:1',
    vkey: { text: 'k' },
    writers: 64,
    writeRate: undefined,
    goal: undefined,
    maxRuntimeMs: 30_000,
    settleMs: 30_000,
    isOwned: false,
    evidence: expect.stringMatching(/\/bench\/data\/hammer-2026-11-21T123456$/),
  });
});

test('times have units, a rate of 0 is none', () => {
  expect(read('--max-runtime=15m', '--settle=90', '--write-rate=0.5', '--read-rate=0')).toMatchObject({
    maxRuntimeMs: 900_000,
    settleMs: 90_000,
    writeRate: 0.5,
    readRate: undefined,
  });
});

test('--help needs nothing else', () => {
  expect(readOptions(['--help'], NOW)).toBeUndefined();
});

test.each([
  [['--max-runtime=25h'], '--max-runtime takes a time from 1s to 24h'],
  [['--max-runtime=0'], '--max-runtime takes a time'],
  [['--goal=0'], '--goal takes an integer from 1 to 10000000'],
  [['--goal=10000001'], '--goal takes'],
  [['--writers=-1'], '--writers takes'],
  [['--writers=1e3'], '--writers takes an integer from 0 to 10000'],
  [['--writers=10001'], '--writers takes'],
  [['--leaf-size=65536'], '--leaf-size takes an integer from 16 to 65535'],
  [['--duplicate-chance=1.5'], '--duplicate-chance takes a number from 0 to 1'],
  [['--kind=ct'], '--kind takes raw or rekor'],
  [['--vkey-file=x'], 'either --vkey or --vkey-file'],
  [['http://127.0.0.1:2'], 'one log'],
  [['--writers=0', '--random-readers=0', '--full-readers=0'], 'nothing to do'],
  [['--nonsense'], "'--nonsense'"],
])('%j is refused', (args, message) => {
  expect(() => read(...args)).toThrow(message);
});

test('without a key or an address there is nothing to check', () => {
  expect(() => readOptions(['http://127.0.0.1:1'], NOW)).toThrow('without it nothing can be checked');
  expect(() => readOptions(['--vkey=k'], NOW)).toThrow('the address of one log');
});
