import { expect, test } from 'vitest';
import { parseMetrics } from './metrics.ts';

test('names, types, labels, buckets and methods are read; other prefixes and values are not', () => {
  const shapes = parseMetrics(
    [
      '# HELP rekor_v2_http_api_latency API Latency on HTTP calls',
      '# TYPE rekor_v2_http_api_latency histogram',
      'rekor_v2_http_api_latency_bucket{code="200",method="get",le="0.5"} 1',
      'rekor_v2_http_api_latency_bucket{code="200",method="get",le="+Inf"} 1',
      'rekor_v2_http_api_latency_sum{code="200",method="get"} 0.1',
      'rekor_v2_http_api_latency_count{code="200",method="get"} 1',
      '# TYPE grpc_server_started_total counter',
      'grpc_server_started_total{grpc_method="B",grpc_service="s"} 0',
      'grpc_server_started_total{grpc_method="A",grpc_service="s"} 7',
      '# TYPE tessera_appender_index gauge',
      'tessera_appender_index 3',
    ].join('\n'),
  );
  expect(Object.fromEntries(shapes)).toEqual({
    rekor_v2_http_api_latency: { type: 'histogram', labels: 'code le method', buckets: '0.5 +Inf' },
    grpc_server_started_total: { type: 'counter', labels: 'grpc_method grpc_service', methods: 's/A s/B' },
  });
});
