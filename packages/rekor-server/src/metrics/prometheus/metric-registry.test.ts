import { expect, test } from 'vitest';
import { Counter } from './counter.ts';
import { Gauge } from './gauge.ts';
import { Histogram } from './histogram.ts';
import { MetricRegistry } from './metric-registry.ts';

test('the text format of all three types', () => {
  const registry = new MetricRegistry();
  registry
    .register(new Histogram('wait_seconds', 'Waiting', ['who'], [0.1, 1]))
    .cell(['a'])
    .observe(0.5);
  const count = registry.register(new Counter('b_total', 'Line one\nline \\ two', ['path']));
  count.increment('x"y\\z\nw');
  count.increment('x"y\\z\nw');
  registry.register(new Counter('c_total', 'Plain'));
  registry.register(new Gauge('a', 'Read at scrape')).set(() => Number.POSITIVE_INFINITY);
  registry.register(new Gauge('nothing', 'No sample, no line'));
  expect(registry.text()).toBe(
    [
      '# HELP a Read at scrape',
      '# TYPE a gauge',
      'a +Inf',
      '# HELP b_total Line one\\nline \\\\ two',
      '# TYPE b_total counter',
      'b_total{path="x\\"y\\\\z\\nw"} 2',
      '# HELP c_total Plain',
      '# TYPE c_total counter',
      'c_total 0',
      '# HELP wait_seconds Waiting',
      '# TYPE wait_seconds histogram',
      'wait_seconds_bucket{who="a",le="0.1"} 0',
      'wait_seconds_bucket{who="a",le="1"} 1',
      'wait_seconds_bucket{who="a",le="+Inf"} 1',
      'wait_seconds_sum{who="a"} 0.5',
      'wait_seconds_count{who="a"} 1',
      '',
    ].join('\n'),
  );
});

test('a bound belongs to its bucket, a value above every bound to the last', () => {
  const histogram = new Histogram('h', 'h', [], [1, 2]);
  for (const value of [1, 2, 2.0001, 0]) histogram.cell().observe(value);
  expect([...histogram.samples()].map(({ value }) => value)).toEqual([2, 3, 4, 5.0001, 4]);
});

test('mistakes of the caller', () => {
  const registry = new MetricRegistry();
  registry.register(new Counter('twice', 'x'));
  expect(() => registry.register(new Gauge('twice', 'x'))).toThrow(RangeError);
  expect(() => new Counter('c', 'x', ['a', 'b']).cell(['1'])).toThrow(RangeError);
});
