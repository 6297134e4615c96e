import { LogError } from '@tilewright/log';
import type { LogEvent } from '@tilewright/log/ports';
import { expect, test } from 'vitest';
import { finishCall, receiveMessage } from './grpc-metrics.ts';
import { logEventMetrics } from './log-event-metrics.ts';
import { createServerMetrics } from './server-metrics.ts';

const BUILD = { version: 'v1', revision: 'abc', buildDate: 'today' };
const sampleOf = (text: string, line: string): string | undefined =>
  text
    .split('\n')
    .find((candidate) => candidate.startsWith(`${line} `))
    ?.slice(line.length + 1);

/** Name, type and label names of every family that rekor-tiles v2.3.0 printed. */
const UPSTREAM: readonly (readonly [name: string, type: string, labels: string])[] = [
  ['grpc_server_handled_total', 'counter', 'grpc_code,grpc_method,grpc_service,grpc_type'],
  ['grpc_server_handling_seconds', 'histogram', 'grpc_method,grpc_service,grpc_type'],
  ['grpc_server_msg_received_total', 'counter', 'grpc_method,grpc_service,grpc_type'],
  ['grpc_server_msg_sent_total', 'counter', 'grpc_method,grpc_service,grpc_type'],
  ['grpc_server_started_total', 'counter', 'grpc_method,grpc_service,grpc_type'],
  ['promhttp_metric_handler_requests_in_flight', 'gauge', ''],
  ['promhttp_metric_handler_requests_total', 'counter', 'code'],
  ['rekor_v2_build_info', 'gauge', 'build_date,goversion,revision,version'],
  ['rekor_v2_grpc_api_request_size', 'histogram', 'grpc_method,grpc_packet_part,grpc_service'],
  ['rekor_v2_grpc_req_panics_recovered_total', 'counter', ''],
  ['rekor_v2_http_api_latency', 'histogram', 'code,method'],
  ['rekor_v2_http_api_request_size', 'histogram', 'code,method'],
  ['rekor_v2_http_requests_total', 'counter', 'code,method'],
  ['rekor_v2_inclusion_proof_failure_total', 'counter', ''],
  ['rekor_v2_new_hashedrekord_entries', 'counter', ''],
];

test('every name, type and label set of rekor-tiles', () => {
  const metrics = createServerMetrics(BUILD);
  metrics.http.observe(201, 'POST', 0.1, 900);
  const text = metrics.registry.text();
  for (const [name, type, labels] of UPSTREAM) {
    expect(text).toContain(`\n# TYPE ${name} ${type}\n`);
    const sample = text.split('\n').find((line) => line.startsWith(name) && line.length > 0) ?? '';
    const names = [...sample.matchAll(/([a-z_]+)="/g)].map((match) => match[1]).filter((label) => label !== 'le');
    expect(names.join(','), name).toBe(labels);
  }
  const ours = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? '');
  const upstream = new Set(UPSTREAM.map(([name]) => name));
  expect(ours.filter((name) => !upstream.has(name) && !name.startsWith('tilewright_'))).toEqual([]);
});

test('nine methods, seventeen codes each, all at zero before the first call', () => {
  const text = createServerMetrics(BUILD).registry.text();
  const lines = text.split('\n').filter((line) => line.startsWith('grpc_server_handled_total'));
  expect(lines.length).toBe(9 * 17);
  expect(lines.every((line) => line.endsWith(' 0'))).toBe(true);
});

test('a call is counted where rekor-tiles counts it', () => {
  const metrics = createServerMetrics(BUILD);
  const call = metrics.grpc.createEntry;
  call.started.value += 1;
  receiveMessage(call, 412);
  finishCall(call, 6, 0.02, 1);
  const text = metrics.registry.text();
  const labels = 'grpc_method="CreateEntry",grpc_service="dev.sigstore.rekor.v2.Rekor",grpc_type="unary"';
  expect(sampleOf(text, `grpc_server_started_total{${labels}}`)).toBe('1');
  expect(sampleOf(text, `grpc_server_handled_total{grpc_code="AlreadyExists",${labels}}`)).toBe('1');
  expect(sampleOf(text, `grpc_server_msg_sent_total{${labels}}`)).toBe('1');
  expect(sampleOf(text, `grpc_server_handling_seconds_bucket{${labels},le="0.025"}`)).toBe('1');
  const size = 'grpc_method="CreateEntry",grpc_packet_part="payload",grpc_service="dev.sigstore.rekor.v2.Rekor"';
  expect(sampleOf(text, `rekor_v2_grpc_api_request_size_sum{${size}}`)).toBe('412');
});

test('a method that no one knows cannot grow the label set', () => {
  const metrics = createServerMetrics(BUILD);
  for (const method of ['FOO', 'BAR', 'get']) metrics.http.observe(501, method, 0.1, 10);
  expect(sampleOf(metrics.registry.text(), 'rekor_v2_http_requests_total{code="501",method="unknown"}')).toBe('3');
});

test('engine events become metrics and are passed on', () => {
  const metrics = createServerMetrics(BUILD);
  const seen: LogEvent[] = [];
  const events = logEventMetrics(metrics, { emit: (event) => seen.push(event) });
  const all: readonly LogEvent[] = [
    { type: 'opened', size: 5, next: 7, replayed: 2, ms: 3 },
    { type: 'sequenced', first: 7, count: 3, bytes: 1500, ms: 2 },
    { type: 'integrated', from: 5, to: 10, objects: 4, ms: 1 },
    { type: 'published', size: 10, waiters: 3, ms: 4 },
    { type: 'duplicate', index: 1 },
    { type: 'refused', reason: 'queue' },
    { type: 'dedupe-covered', covered: 8, lag: 2 },
    { type: 'dedupe-mismatch', index: 4 },
    { type: 'proof-failed', index: 4 },
    { type: 'repaired', path: 'tile/0/000', detail: 'rebuilt' },
    { type: 'collected', from: 0, to: 256 },
    { type: 'stalled', stage: 'sequence', detail: 'disk full' },
    { type: 'failed', error: new LogError('fork', 'two roots') },
    { type: 'closed', size: 10, settled: true },
  ];
  for (const event of all) events.emit(event);
  const text = metrics.registry.text();
  for (const [line, value] of [
    ['tilewright_log_published_size', '10'],
    ['tilewright_log_integrated_size', '10'],
    ['tilewright_log_next_index', '10'],
    ['tilewright_log_sequenced_entries_total', '3'],
    ['tilewright_log_sequenced_bytes_total', '1500'],
    ['tilewright_log_publications_total', '1'],
    ['tilewright_log_duplicates_total', '1'],
    ['tilewright_log_refused_total{reason="queue"}', '1'],
    ['tilewright_log_dedupe_lag', '2'],
    ['tilewright_log_dedupe_mismatches_total', '1'],
    ['rekor_v2_inclusion_proof_failure_total', '1'],
    ['tilewright_log_repaired_total', '1'],
    ['tilewright_log_stalled{stage="sequence"}', '1'],
    ['tilewright_log_failed', '1'],
    ['tilewright_log_stage_seconds_count{stage="publish"}', '1'],
  ] as const) {
    expect(sampleOf(text, line), line).toBe(value);
  }
  events.emit({ type: 'resumed', stage: 'sequence' });
  expect(sampleOf(metrics.registry.text(), 'tilewright_log_stalled{stage="sequence"}')).toBe('0');
  expect(seen.length).toBe(all.length + 1);
});
