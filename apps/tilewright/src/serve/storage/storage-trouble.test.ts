import type { LogEvent } from '@tilewright/log/ports';
import { expect, test } from 'vitest';
import { StorageTrouble } from './storage-trouble.ts';

test('what the storage said explains why a log is not ready, for a while, when it said so again and again', () => {
  let nowMs = 0;
  const passed: LogEvent[] = [];
  const trouble = new StorageTrouble({ emit: (event) => void passed.push(event) }, { monotonicMs: () => nowMs });
  const retried = (attempt: number): void =>
    trouble.emit({ type: 'retried', what: 'store tile/0/000', attempt, detail: 'the answer was 503' });
  retried(2);
  expect(trouble.explain('late')).toBe('late');
  retried(3);
  expect(trouble.explain('late')).toBe('late (store tile/0/000: the answer was 503)');
  expect(trouble.explain(undefined)).toBeUndefined();
  nowMs = 60_001;
  expect(trouble.explain('late')).toBe('late');
  expect(passed.map(({ type }) => type)).toEqual(['retried', 'retried']);
});
