import { expect, test } from 'vitest';
import { SeededChooser } from '../choice/seeded-chooser.ts';
import { WrittenChooser } from '../choice/written-chooser.ts';
import { runSeeds } from '../run/run-seeds.ts';
import { historyOf, type World } from './worlds.ts';

const EACH = 500;

// A failing seed says the command that tells its history.
test.each<[World, number]>([
  ['machine', 1],
  ['machine', 1001],
  ['machine', 2001],
  ['replicas', 1],
  ['replicas', 1001],
  ['replicas', 2001],
  ['witnessed', 1],
  ['witnessed', 1001],
  ['signed', 1],
  ['signed', 1001],
])(
  '%s: every promise holds in the histories of seeds from %i on',
  async (world, from) => {
    const { failed } = await runSeeds({ from, count: EACH, world });
    const commands = failed.map(
      ({ seed, message }) => `npm run simulate -- --world ${world} --replay ${seed}: ${message}`,
    );
    expect(commands).toEqual([]);
  },
  120_000,
);

test.each<World>(['machine', 'replicas', 'witnessed', 'signed'])(
  '%s: one seed is one history, and so are its decisions',
  async (world) => {
    for (const seed of [3, 14, 159]) {
      const chooser = new SeededChooser(seed);
      const first = await historyOf(world)(chooser, true);
      expect(first.story.length).toBeGreaterThan(2);
      expect(await historyOf(world)(new SeededChooser(seed), true)).toEqual(first);
      expect(await historyOf(world)(new WrittenChooser(chooser.decisions), true)).toEqual(first);
    }
  },
);

test('some thousands of histories meet everything that can happen', async () => {
  const machine = await runSeeds({ from: 50_000, count: 300, world: 'machine' });
  const replicas = await runSeeds({ from: 50_000, count: 300, world: 'replicas' });
  const witnessed = await runSeeds({ from: 50_000, count: 300, world: 'witnessed' });
  const signed = await runSeeds({ from: 50_000, count: 100, world: 'signed' });
  const met = new Set([machine, replicas, witnessed, signed].flatMap(({ counts }) => Object.keys(counts)));
  for (const what of [
    ...[
      'answered',
      'answered: duplicate',
      'answered: ahead of publication',
      'power',
      'kill',
      'close',
      'freeze',
      'frozen',
      'fill',
      'stop',
    ],
    'killed within a call',
    ...['disk: EIO', 'disk: ENOSPC', 'disk: short write', 'call: lost', 'call: applied', 'call: late'],
    ...['call: lost, never answered', 'call: applied, never answered'],
    ...['witness: refused', 'witness: lost', 'witness: answer lost', 'witness: late', 'witness: slow'],
    ...['witness: cosigned', 'witness: failed', 'witness: skipped'],
    ...[
      'refused: pushback',
      'refused: storage-full',
      'refused: frozen',
      'refused: outcome-unknown',
      'refused: aborted',
    ],
  ]) {
    expect(met, what).toContain(what);
  }
}, 60_000);
