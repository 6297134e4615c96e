import { expect, test } from 'vitest';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { runSoak } from './run-soak.ts';

test('three times the whole table, beside clients that break off: all answered, nothing kept', {
  timeout: 120_000,
}, async () => {
  const workspace = await makeWorkspaceDir();
  try {
    const result = await runSoak({
      workspace,
      rounds: 3,
      warmup: 1,
      concurrency: 32,
      // So soon after the start code is still being compiled: a bound for what is gross.
      limits: { heap: 0.5, resident: 1 },
      serverTimeoutMs: 3_000,
      say: () => {},
    });
    expect(result.violations).toEqual([]);
    expect(result.tableRequests).toBeGreaterThan(700);
    expect(result.answers['http 409']).toBeGreaterThan(150);
    expect(result.answers['grpc 6']).toBeGreaterThan(150);
    expect(result.samples.map(({ round }) => round)).toEqual([1, 3]);
  } finally {
    await workspace.remove();
  }
});
