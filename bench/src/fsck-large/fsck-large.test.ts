import { expect, test } from 'vitest';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { runFsckLarge } from './run-fsck-large.ts';

test('10,000 entries: fsck agrees, and names every kind of file that has one byte flipped', {
  timeout: 120_000,
}, async () => {
  const workspace = await makeWorkspaceDir();
  try {
    const result = await runFsckLarge({ workspace, entries: 10_000, flipsOfEachKind: 0, seed: 1, say: () => {} });
    expect(result.output).toContain('10000');
    expect(result.sound).toBe(true);
    expect(result.flips.filter((flip) => !flip.found)).toEqual([]);
    const kinds = new Set(result.flips.map((flip) => flip.kind));
    expect([...kinds].sort()).toEqual([
      'bundle full',
      'bundle partial',
      'checkpoint',
      'level 0 full',
      'level 0 partial',
      'level 1 partial',
    ]);
  } finally {
    await workspace.remove();
  }
});
