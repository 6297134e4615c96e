import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerPorts } from '../server/server-process.ts';
import type { Findings } from './traffic/findings.ts';

const QUIET_WITHIN_MS = 5_000;

/** Metrics that are zero when nobody waits and nothing went wrong. */
const ZERO = [
  'promhttp_metric_handler_requests_in_flight',
  'tilewright_log_dedupe_lag',
  'tilewright_log_failed',
  'tilewright_log_dedupe_mismatches_total',
  'tilewright_verify_worker_restarts_total',
  'rekor_v2_inclusion_proof_failure_total',
  'rekor_v2_grpc_req_panics_recovered_total',
];

/** Checks a server that has no client any more: it is ready, nobody waits in it, nothing broke. */
export async function checkAtRest(ports: ServerPorts, findings: Findings): Promise<void> {
  const ready = await get(ports.http, '/readyz');
  if (ready.status !== 200) findings.violate(`/readyz answers ${ready.status}: ${ready.body}`);
  let faults: string[] = [];
  const until = performance.now() + QUIET_WITHIN_MS;
  do {
    faults = unrest((await get(ports.metrics, '/metrics')).body);
    if (faults.length === 0) return;
    await sleep(100);
  } while (performance.now() < until);
  for (const fault of faults) findings.violate(fault);
}

/** Which metrics, in the Prometheus text format, show that somebody waits or that something broke. */
export function unrest(text: string): string[] {
  const value = (name: string): string => new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 'missing';
  const faults = ZERO.filter((name) => value(name) !== '0').map((name) => `${name} is ${value(name)}, not 0`);
  const [published, next] = [value('tilewright_log_published_size'), value('tilewright_log_next_index')];
  if (published !== next || next === 'missing')
    faults.push(`${published} entries are published of ${next} that have an index`);
  return faults;
}

async function get(port: number, path: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
  return { status: response.status, body: await response.text() };
}
