import { expect, test } from 'vitest';
import { readGcpOptions } from './options.ts';
import { countSteps, speedSteps } from './rows.ts';

const EVERYBODY = ['ours', 'peer-best', 'peer-compose'];

test('everything is measured unless the command line says less', () => {
  const all = readGcpOptions([]);
  expect([all.speed, all.operations, all.contestants, all.runs]).toEqual([true, true, EVERYBODY, 3]);
  const some = readGcpOptions(['--only', 'operations,ours', '--quick']);
  expect([some.speed, some.operations, some.contestants, some.runs]).toEqual([false, true, ['ours'], 1]);
  const usage = { code: 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' };
  expect(() => readGcpOptions(['--only', 'speeds'])).toThrow(expect.objectContaining(usage));
  expect(() => readGcpOptions(['--runs', '0'])).toThrow(expect.objectContaining(usage));
});

test('contestants take turns within a row, and only ours has replicas', () => {
  const steps = speedSteps(2, EVERYBODY);
  const lone = steps.filter(({ row }) => row.writers === 1);
  expect(lone.map(({ contestant, run }) => `${contestant.id}/${run}`)).toEqual(
    [1, 2].flatMap((run) => EVERYBODY.map((id) => `${id}/${run}`)),
  );
  expect(steps.filter(({ row }) => row.replicas > 1).map(({ contestant }) => contestant.id)).toEqual(['ours', 'ours']);
});

test('operations are counted at every rate for one replica and three, and for the peer where it keeps up', () => {
  const steps = countSteps(EVERYBODY, false);
  const of = (id: string, replicas: number): number[] =>
    steps.filter((step) => step.contestant.id === id && step.replicas === replicas).map(({ rate }) => rate);
  expect(of('ours', 1)).toEqual([0, 1, 10, 100, 1000]);
  expect(of('ours', 3)).toEqual([0, 1, 10, 100, 1000]);
  expect(of('peer-compose', 1)).toEqual([0, 1, 10, 100]);
  expect(of('peer-best', 1)).toEqual([]);
});
