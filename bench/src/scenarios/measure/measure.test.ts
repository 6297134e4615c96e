import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AnswerSample, readSamples } from '../k6/read-samples.ts';
import { readVerdicts } from '../k6/read-verdicts.ts';
import { judgeGenerator } from './generator.ts';
import { makeSeries } from './series.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tilewright-series-'));
});
afterAll(() => rm(folder, { recursive: true }));

test("k6's time series: tags in any order are one kind, other metrics are passed over", async () => {
  const path = join(folder, 'series.csv');
  const lines = [
    'metric_name,timestamp,metric_value,scenario,extra_tags,metadata',
    'http_reqs,1700000000100,1.0,arrival,,',
    'answer_ms,1700000000100,12.5,arrival,answer=HTTP 201&expected=yes&request=write,',
    'answer_ms,1700000000200,13.5,arrival,request=write&answer=HTTP 201&expected=yes,',
    'vus,1700000001000,7.0,,,',
    'dropped_iterations,1700000001000,3.0,arrival,,',
  ];
  await writeFile(path, `${lines.join('\n')}\n`);
  const { answers, users, dropped } = await readSamples(path);
  expect(answers.map(({ atMs, ms }) => [atMs, ms])).toEqual([
    [1_700_000_000_100, 12.5],
    [1_700_000_000_200, 13.5],
  ]);
  expect(answers[0]?.kind).toBe(answers[1]?.kind);
  expect(answers[0]?.kind).toEqual({ request: 'write', answer: 'HTTP 201', isExpected: true });
  expect([users, dropped]).toEqual([[{ atMs: 1_700_000_001_000, value: 7 }], [{ atMs: 1_700_000_001_000, value: 3 }]]);
  await writeFile(path, 'something,else\n');
  await expect(readSamples(path)).rejects.toThrow('no column timestamp');
});

test("k6's summary: a verdict for each threshold, with what was measured", async () => {
  const path = join(folder, 'summary.json');
  const metric = { type: 'trend', values: { 'p(95)': 12, 'p(99)': 40 } };
  const thresholds = { 'p(95)<=20': { ok: true }, 'p(99)<=30': { ok: false } };
  await writeFile(path, JSON.stringify({ metrics: { vus: { values: {} }, answer_ms: { ...metric, thresholds } } }));
  expect(await readVerdicts(path)).toEqual([
    { threshold: 'answer_ms p(95)<=20', value: 12, held: true },
    { threshold: 'answer_ms p(99)<=30', value: 40, held: false },
  ]);
});

const good = { request: 'write', answer: 'HTTP 201', isExpected: true };
const wrong = { request: 'write', answer: 'HTTP 500', isExpected: false };
const bad = { request: 'bad', answer: 'HTTP 400', isExpected: true };

test('a run over time: latency of the main kind alone, rates of all, errors by kind', () => {
  const at = (atMs: number, ms: number, kind = good): AnswerSample => ({ kind, atMs: 1_000 + atMs, ms });
  const answers = [at(10, 10), at(400, 20), at(450, 1, bad), at(600, 900, wrong), at(1_000, 30)];
  const dropped = [{ atMs: 1_700, value: 2 }];
  const users = [
    { atMs: 500, value: 1 },
    { atMs: 1_500, value: 4 },
  ];
  // The one of 900 ms was the first to be sent: at -300.
  const series = makeSeries({ answers, users, dropped }, 'write');
  expect([series.fromMs, series.toMs, series.bucketSeconds]).toEqual([700, 2_000, 0.5]);
  expect(series.buckets.map(({ expected }) => expected)).toEqual([2, 4, expect.closeTo(10 / 3, 6)]);
  expect(series.buckets.map(({ errors }) => errors)).toEqual([{}, { 'write: HTTP 500': 1 }, {}]);
  expect(series.buckets.map(({ latency }) => latency?.p50)).toEqual([10, 20, 30]);
  expect(series.buckets.map(({ dropped: count }) => count)).toEqual([0, 0, 2]);
  expect(series.latency).toEqual({ count: 3, p50: 20, p95: 30, p99: 30, max: 30 });
  expect(series.answers.map(({ answer, latency }) => [answer, latency.count])).toEqual([
    ['HTTP 201', 3],
    ['HTTP 400', 1],
    ['HTTP 500', 1],
  ]);
  expect(series.users).toEqual([{ at: 0.8, value: 4 }]);
});

test('an hour has no more points than can be seen, and no answers are no failure to sum up', () => {
  const answers = Array.from({ length: 3_600 }, (_, i) => ({ kind: good, atMs: 1_000 * i, ms: 1 }));
  const series = makeSeries({ answers, users: [], dropped: [] }, 'write');
  expect(series.bucketSeconds).toBe(30);
  expect(series.buckets.length).toBeLessThanOrEqual(121);
  expect(makeSeries({ answers: [], users: [], dropped: [] }, 'write')).toMatchObject({ buckets: [], answers: [] });
});

test('says when the generator bounds the result, and is silent when it does not', () => {
  const cpu = (k6: number, machine: number, server = 0.5) => [{ atMs: 0, k6, server, machine }];
  expect(judgeGenerator(cpu(0.3, 1), 0, 2).warnings).toEqual([]);
  expect(judgeGenerator(cpu(1.8, 2, 0.2), 0, 2).warnings.join()).toContain('could not send more');
  expect(judgeGenerator(cpu(0.9, 2, 1.1), 0, 2).warnings.join()).toContain('may be faster');
  expect(judgeGenerator(cpu(0.1, 2, 1.9), 0, 2).warnings).toEqual([]);
  expect(judgeGenerator(cpu(0.1, 2, 0.4), 0, 2).warnings.join()).toContain('Other programs kept 1.5 of 2');
  expect(judgeGenerator(cpu(0.1, 1), 7, 2).warnings.join()).toContain('dropped 7 iterations');
});
