import { expect, test } from 'vitest';
import { unrest } from './final-checks.ts';

const REST = `# TYPE tilewright_log_published_size gauge
tilewright_log_published_size 12
tilewright_log_next_index 12
promhttp_metric_handler_requests_in_flight 0
tilewright_log_dedupe_lag 0
tilewright_log_failed 0
tilewright_log_dedupe_mismatches_total 0
tilewright_verify_worker_restarts_total 0
rekor_v2_inclusion_proof_failure_total 0
rekor_v2_grpc_req_panics_recovered_total 0
`;

test('a server at rest', () => {
  expect(unrest(REST)).toEqual([]);
});

test.each([
  [
    'an entry that is not published',
    'next_index 12',
    'next_index 13',
    '12 entries are published of 13 that have an index',
  ],
  ['a request under way', 'in_flight 0', 'in_flight 1', 'promhttp_metric_handler_requests_in_flight is 1, not 0'],
  ['a panic', 'recovered_total 0', 'recovered_total 2', 'rekor_v2_grpc_req_panics_recovered_total is 2, not 0'],
  ['a metric that is gone', 'tilewright_log_failed 0\n', '', 'tilewright_log_failed is missing, not 0'],
])('%s is told', (_, from, to, fault) => {
  expect(unrest(REST.replace(from, to))).toEqual([fault]);
});

test('an answer without metrics is no rest', () => {
  expect(unrest('')).not.toEqual([]);
});
