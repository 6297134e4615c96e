import {
  NO_GCS_SERVER,
  NO_SPANNER_EMULATOR,
  skipsWithoutGcsServer,
  skipsWithoutSpannerEmulator,
} from '@tilewright/store-gcp/testing';
import { expect, test } from 'vitest';
import { makeWorkspaceDir } from '../../server/workspace-dir.ts';
import { seededRandom } from '../seeded-random.ts';
import { crashReplicas } from './crash-replicas.ts';

test('three replicas, killed at random for thirty seconds: nothing is lost, nothing goes back, nothing changes', {
  timeout: 240_000,
}, async ({ skip }) => {
  skip(skipsWithoutGcsServer(), NO_GCS_SERVER);
  skip(skipsWithoutSpannerEmulator(), NO_SPANNER_EMULATOR);
  const workspace = await makeWorkspaceDir();
  try {
    const result = await crashReplicas(workspace, {
      replicas: 3,
      forMs: 30_000,
      killEveryMs: [1_500, 4_000],
      writers: 12,
      random: seededRandom(8),
      say: () => {},
    });
    expect(result.violations).toEqual([]);
    expect(result.ends['killed under load']).toBeGreaterThan(2);
    expect(result.ends['SIGTERM under load: exit 0']).toBe(3);
    expect(result.acknowledged).toBeGreaterThan(50);
    expect(result.entries).toBeGreaterThanOrEqual(result.acknowledged);
    expect(result.checkpoints).toBeGreaterThan(5);
    expect(result.watcher['checkpoints proved to continue the one before']).toBeGreaterThan(5);
    expect(result.paths).toBeGreaterThan(20);
  } finally {
    await workspace.remove();
  }
});
