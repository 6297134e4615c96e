import { requestPool } from '../requests/pool.ts';
import { ourServer, referenceServer } from '../server/commands.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { medians, type ScenarioReport, verdicts } from './report.ts';
import { type RunLength, type RunResult, runOnce } from './run-once.ts';
import type { Scenario } from './scenario.ts';

/** What to run. */
export interface ComparisonPlan {
  readonly scenarios: readonly Scenario[];
  readonly length: RunLength;
  /** Runs of each server in each scenario. */
  readonly runs: number;
  /** Servers in the order in which each round runs them. */
  readonly servers: readonly ('ours' | 'peer')[];
  /** Path of rekor-server-posix. */
  readonly reference: string;
  readonly workspace: WorkspaceDir;
  /** Progress, one line each. */
  readonly say: (line: string) => void;
}

/** Everything one comparison measured. */
export interface Comparison {
  readonly reports: readonly ScenarioReport[];
  readonly runs: readonly RunResult[];
}

/** Runs every scenario, ours and the peer's interleaved, each run on a fresh log. */
export async function compare(plan: ComparisonPlan): Promise<Comparison> {
  const all: RunResult[] = [];
  const reports: ScenarioReport[] = [];
  for (const scenario of plan.scenarios) {
    const results = { ours: [] as RunResult[], peer: [] as RunResult[] };
    for (let round = 1; round <= plan.runs; round++) {
      for (const name of plan.servers) {
        const result = await runServer(plan, scenario, name, round);
        results[name].push(result);
        all.push(result);
        plan.say(runLine(scenario, name, round, plan.runs, result));
      }
    }
    const ours = medians(results.ours);
    const peer = medians(results.peer);
    reports.push({ scenario, ours, peer, verdicts: ours === undefined ? [] : verdicts(scenario, ours, peer) });
  }
  return { reports, runs: all };
}

async function runServer(
  plan: ComparisonPlan,
  scenario: Scenario,
  name: 'ours' | 'peer',
  round: number,
): Promise<RunResult> {
  const pool = await requestPool(requestsNeeded(scenario, plan.length), (done) => {
    if (done % 50_000 === 0) plan.say(`  preparing requests: ${done}`);
  });
  const place = await plan.workspace.place(`${name}-${scenario.writers}-${round}`);
  const command = name === 'ours' ? ourServer(place) : referenceServer(plan.reference, place);
  return runOnce(command, place, pool, scenario.writers, plan.length);
}

/** Scenarios state their need for 5 + 20 seconds; shorter runs need less. */
function requestsNeeded(scenario: Scenario, length: RunLength): number {
  const seconds = length.warmUpSeconds + length.measuredSeconds;
  return Math.min(scenario.requests, Math.ceil((scenario.requests * seconds) / 25 / 10_000) * 10_000);
}

function runLine(scenario: Scenario, name: string, round: number, runs: number, r: RunResult): string {
  const speed = `${r.rate.toFixed(1)}/s, p50 ${r.p50.toFixed(1)} ms, p99 ${r.p99.toFixed(1)} ms`;
  const cost = `${r.cpuPerThousand.toFixed(2)} CPU s per 1,000, ${r.residentMiB.toFixed(0)} MiB`;
  const bad = r.failures > 0 ? `, ${r.failures} failures ${JSON.stringify(r.wrk.statuses)}` : '';
  const disk = `fdatasync ${r.disk.p50.toFixed(2)}/${r.disk.p99.toFixed(2)} ms${r.disk.noisy ? ' (disk noisy)' : ''}`;
  const others = `others ${r.othersCores.toFixed(1)} cores`;
  return `  ${scenario.writers} writers, ${name}, run ${round} of ${runs}: ${speed}, ${cost}${bad}, ${disk}, ${others}`;
}
