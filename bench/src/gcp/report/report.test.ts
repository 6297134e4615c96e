import { expect, test } from 'vitest';
import { someFigures } from '../../load/testing/some-figures.ts';
import type { Counted } from '../operations/count-operations.ts';
import { objectsOfIntegration, tesseraOperations } from '../operations/tessera-model.ts';
import { speedSteps } from '../plan/rows.ts';
import { gcpVerdicts, verdictTable } from './gcp-targets.ts';
import { idleHour, operationsTables, spannerCalls } from './operations-table.ts';
import { type GcpResults, speedResult } from './results.ts';
import { speedTable } from './speed-table.ts';

const EVERYBODY = ['ours', 'peer-best', 'peer-compose'];

function counted(rate: number, replicas: number, spanner: Counted['operations']['spanner']): Counted {
  const storage = { insert: 60, list: 0, get: 20, metadata: 0, delete: 5 };
  const operations = { spanner, storage: rate === 0 ? { ...storage, insert: 0, get: 0 } : storage, checkpoints: 20 };
  return { id: 'ours', replicas, rate, seconds: 20, entries: rate * 20, refusals: {}, operations };
}

function results(rateOfThree: number): GcpResults {
  const speed = speedSteps(1, EVERYBODY).map((step) => {
    const { row, contestant } = step;
    if (contestant.id === 'peer-best') return speedResult(step, { failed: 'it ended' });
    const rate = row.replicas > 1 ? rateOfThree : row.writers === 1 ? 0.9 : 2000;
    const failureKinds = row.replicas > 1 ? { 503: 7 } : {};
    return speedResult(step, { figures: someFigures({ rate, p50: 1100, failureKinds }) });
  });
  return { commit: 'abc', speed, operations: [counted(0, 1, { Read: 20 }), counted(1, 1, { Read: 100, Commit: 60 })] };
}

test('ratios stand beside figures, and what a peer could not do is said', () => {
  const table = speedTable(results(1500));
  expect(table).toContain('| 512 writers | Tilewright | 2000 |');
  expect(table).toContain('failed: it ended');
  expect(table).toContain('| a lone writer | *Tilewright / rekor-server-gcp, compose* | 1.0× |');
  expect(table).toContain('503: 7');
});

test('three replicas may answer 503, and take half of what one takes', () => {
  const missed = (rate: number): string[] =>
    gcpVerdicts(results(rate)).flatMap(({ what, met }) => (met === false ? [what] : []));
  expect(missed(1500)).toEqual([]);
  expect(missed(900)).toEqual(['three replicas, entries/s']);
  expect(verdictTable(gcpVerdicts(results(900)))).toContain('MISSED');
});

test('operations are given an entry, and an hour', () => {
  const idle = counted(0, 3, { Read: 60 });
  expect(idleHour(idle)).toEqual({ spanner: 3600, storage: 0 });
  expect(spannerCalls(counted(1, 1, { Read: 100, Commit: 60 }))).toBe(160);
  const tables = operationsTables(results(1));
  expect(tables).toContain('| 1 | Tilewright | 1 | 1.00 | 8.00 | 3.00 | 3.00 | 1.00 | 3.00 | 3.00 | 1.00 |');
  expect(tables).toContain('not measured');
});

test("the objects of an integration are those of Tessera's table", () => {
  expect(objectsOfIntegration(1)).toBeCloseTo(2, 1);
  expect(objectsOfIntegration(10) / 10).toBeCloseTo(0.21, 2);
  expect(objectsOfIntegration(256) / 256).toBeCloseTo(0.0195, 3);
  expect(tesseraOperations(0).spannerCalls).toBe(34);
});
