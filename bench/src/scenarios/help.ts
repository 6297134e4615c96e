import { MOST_ITERATIONS, SCENARIOS } from './scenario.ts';

const scenarios = SCENARIOS.map(({ name, about, size, hasRate, limits }) => {
  const load = hasRate ? `${size.rate}/s` : `${size.vus} users`;
  return `  ${name.padEnd(11)} ${about}\n${' '.repeat(14)}(${size.seconds} s, ${load}; p95 ≤ ${limits.p95} ms, p99 ≤ ${limits.p99} ms)`;
}).join('\n');

/** What `--help` prints. */
export const HELP: string = `usage: npm run load -- <scenario> [options]

Loads a Rekor v2 log with k6 and says whether its thresholds held: latencies, wrong answers, and for scenarios with a rate
whether it could be kept. Starts a server on a fresh log, at its defaults, unless given one. Requests are signed before the
load begins, each with a P-256 key of its own, half of them in certificates. Needs k6: tools/install --only k6.

${scenarios}

  --url URL            the log to load, such as http://127.0.0.1:3003; what is written stays in it
  --grpc HOST:PORT     its gRPC service (without TLS), for the scenario grpc
  --seconds N          how long, at most 3600
  --rate N             requests a second, of a spike at its top
  --vus N              virtual users; where there is a rate, as many as may wait at one time
  --count N            end after so many requests (at most ${MOST_ITERATIONS}, which bounds every run)
  --p95 MS --p99 MS    bounds of latency
  --max-failed SHARE   bound of answers that should not have come, 0 to 1 (default 0.01; read: 0)
  --json               print the result as JSON
  --out FILE.html      the report (default: bench/results/<time>-load-<scenario>.html)
  --i-own-this-server  load a server that is not on this machine
  --help

The report is one page that needs no script: percentiles and throughput over time, errors by kind, what the processors did,
and each threshold. The result says when k6, and not the server, may have bounded it.

Exit status: 0 every threshold held; 1 one is broken, or the run failed; 2 usage, k6 is missing, or nothing there that can
be loaded: no server, one of another kind, a frozen log, another machine.
`;
