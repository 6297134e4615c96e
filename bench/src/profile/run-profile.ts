import { writeFile } from 'node:fs/promises';
import { say } from '../cli/run-main.ts';
import { saveResults } from '../cli/save-results.ts';
import { requestPool } from '../requests/pool.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { profileOurs } from './profile-ours.ts';

/** Requests a second that no run comes near. */
const MOST_A_SECOND = 14_000;

/** `npm run bench -- --profile`. */
export async function runProfile(workspace: WorkspaceDir, writers: number, quick: boolean): Promise<number> {
  const length = quick ? { warmUpSeconds: 2, measuredSeconds: 6 } : { warmUpSeconds: 5, measuredSeconds: 20 };
  const seconds = length.warmUpSeconds + length.measuredSeconds;
  const pool = await requestPool(seconds * MOST_A_SECOND, (done) => {
    if (done % 50_000 === 0) say(`  preparing requests: ${done}`);
  });
  const place = await workspace.place(`profile-${writers}`);
  const { result, table, svg, threads } = await profileOurs(place, pool, writers, length);
  const { rate, p50, p99, cpuPerThousand } = result;
  const head = `${writers} writers, under the profiler: ${rate.toFixed(0)} entries/s, p50 ${p50?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms, ${cpuPerThousand?.toFixed(2)} CPU s per 1,000`;
  const cpu = threads.map(({ name, totalMs }) => ({ name, seconds: totalMs / 1000 }));
  const stem = await saveResults('profile', `${head}\n\n${table}`, { result, threads: cpu });
  await writeFile(`${stem}-flame.svg`, svg);
  // Last: a reader that has seen enough closes the pipe, and that ends the program.
  process.stdout.write(`${head}\n\n${table}\n`);
  say(`written: ${stem}-flame.svg`);
  return 0;
}
