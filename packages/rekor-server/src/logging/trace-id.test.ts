import { expect, test } from 'vitest';
import { traceIdOf } from './trace-id.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';

test.each<[string, string | undefined, string | undefined]>([
  ['W3C', `00-${ID}-00f067aa0ba902b7-01`, undefined],
  ['Google Cloud', undefined, `${ID}/123;o=1`],
  ['Google Cloud, alone', undefined, ID.toUpperCase()],
  ['W3C before Google Cloud', `00-${ID}-00f067aa0ba902b7-01`, 'a'.repeat(32)],
  ['Google Cloud where W3C is broken', `00-${ID}`, `${ID}/1`],
])('%s', (_name, traceparent, cloud) => {
  expect(traceIdOf(traceparent, cloud)).toBe(ID);
});

test.each<[string | undefined, string | undefined]>([
  [undefined, undefined],
  [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, undefined],
  [`00-${ID.toUpperCase()}-00f067aa0ba902b7-01`, undefined],
  ['nonsense', 'x/1'],
  ['', `${ID}0/1`],
])('%j, %j: a new one', (traceparent, cloud) => {
  const made = traceIdOf(traceparent, cloud);
  expect(made).toMatch(/^[0-9a-f]{32}$/);
  expect(made).not.toBe(ID);
  expect(traceIdOf(traceparent, cloud)).not.toBe(made);
});
