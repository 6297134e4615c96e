import { LAYOUT } from '@tilewright/store-posix/testing';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../machine/disk-view.ts';
import { entry } from '../../../world/entries.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;
const LOCK = `${ROOT}/${LAYOUT.lock}`;

/** Two machines' worth of processes on one disk: the world that watches them is the same. */
async function twoServers(): Promise<{ readonly first: Scene; readonly second: Scene }> {
  const first = await Scene.withLog(3, settings(2));
  const { disk, oracle, options, schedule } = first;
  const second = new Scene({ disk, oracle, options, schedule, published: 3 });
  second.machine.processes = 1000;
  return { first, second };
}

/** Ways in which a lock comes to be worth nothing. */
const WAYS: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  removed: ({ disk }) => disk.process().unlink(LOCK),
  replaced: async ({ disk }) => {
    await disk.process().unlink(LOCK);
    await disk.process().open(LOCK, 'create');
  },
  // Any open and close of the file within the holder's process gives its lock up.
  reopened: async ({ disk }) => disk.locks.clear(),
};

/** Changes of the disk that one add makes after the server is up. */
async function changesOfOneAdd(): Promise<number> {
  const { first } = await twoServers();
  let begun = 0;
  let changes = 0;
  first.script = () => {
    changes += 1;
    return undefined;
  };
  await first.play(async () => {
    const life = await first.start();
    begun = changes;
    await first.send(life, entry(50));
  });
  return changes - begun;
}

/** The first server stands still after `changes` changes; the second opens the log and goes on; then the first does. */
async function takeOver(changes: number, loseLock: (scene: Scene) => Promise<void>): Promise<void> {
  const { first, second } = await twoServers();
  await first.play(async () => {
    const a = await first.start();
    const stands = Promise.withResolvers<void>();
    let left = changes;
    let published = false;
    first.script = ({ kind, path }) => {
      published ||= left >= 0 && kind === 'rename' && path === `${ROOT}/${LAYOUT.checkpoint}`;
      if (left-- !== 0) return undefined;
      first.schedule.stop(a);
      stands.resolve();
      return undefined;
    };
    const answer = first.send(a, entry(50));
    await Promise.race([stands.promise, answer]);
    await loseLock(first);
    const b = await second.start();
    expect((await second.send(b, entry(60))).index).toBeDefined();
    first.schedule.goOn(a);
    // What was published before is so. Of anything else the first tells nobody anything.
    if (published) expect(await answer).toMatchObject({ index: 3 });
    expect(await (published ? first.send(a, entry(51)) : answer)).toEqual({ refused: 'outcome-unknown' });
    // It noticed in time; or its temporary files are gone, its paths taken, its tree is too small by now.
    expect(['locked', 'storage-failed', 'object-conflict', 'fork']).toContain((await a.log.failed).code);
    first.machine.kill();
    await second.send(b, entry(50));
    await second.send(b, entry(61));
    await second.comeToRest(b);
  });
}

test('a second process is refused at any time, and does the first no harm', async () => {
  const { first } = await twoServers();
  await first.play(async () => {
    const life = await first.start();
    for (let steps = 0; steps < 20; steps++) {
      const later = async (): Promise<unknown> => {
        for (let i = 0; i < steps; i++) await first.schedule.step(first);
        return first.refusal();
      };
      const [answer, refusal] = await Promise.all([first.send(life), later()]);
      expect(answer).toMatchObject({ duplicate: false });
      expect(refusal).toMatchObject({ name: 'PosixError', code: 'locked', path: LAYOUT.lock });
    }
    await first.comeToRest(life);
  });
});

describe.each(Object.entries(WAYS))('the lock file is %s', (_, loseLock) => {
  test(
    'a writer that stood still while another one opened the log stops, wherever it was: nobody believes it any more',
    async () => {
      const count = await changesOfOneAdd();
      expect(count).toBeGreaterThan(20);
      const trials = Array.from({ length: count }, (_, changes) => ({
        name: `after ${changes} changes`,
        run: () => takeOver(changes, loseLock),
      }));
      const outcome = await tryAll(trials);
      expect(outcome).toEqual(allWell(outcome));
    },
    TIMEOUT_MS,
  );

  test('a writer at rest tells nobody anything after another one opened the log, and nothing of it stands in the way', async () => {
    const { first, second } = await twoServers();
    await first.play(async () => {
      const a = await first.start();
      await loseLock(first);
      const b = await second.start();
      expect(await first.send(a, entry(50))).toEqual({ refused: 'outcome-unknown' });
      expect((await a.log.failed).code).toBe('locked');
      first.machine.kill();
      expect(await second.send(b, entry(60))).toMatchObject({ index: 3 });
      await second.send(b, entry(50));
      await second.comeToRest(b);
    });
  });
});
