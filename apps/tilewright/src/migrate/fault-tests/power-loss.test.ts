import { openPosixStore, type PosixStore } from '@tilewright/store-posix';
import { type Intercept, SimulatedDisk, simulatedWorld } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { type BuiltLog, builtLog } from '../../testing/built-log.ts';
import { freshKey, migrate } from '../../testing/memory-destination.ts';

const ROOT = '/srv/log';
const key = freshKey();
const first: BuiltLog = await builtLog(key, 200);
const log: BuiltLog = await builtLog(key, 600, { before: first });
const limits = { segmentBytes: 64 * 1024, reserveBytes: 8192, retention: { maxAgeMs: 0, maxBytes: 0 } };

function open(disk: SimulatedDisk, mode: 'migrate' | 'open', seed: number, intercept?: Intercept): Promise<PosixStore> {
  const identity = { origin: key.origin, logId: key.logId };
  return openPosixStore({
    fs: disk.process(intercept),
    dir: ROOT,
    identity,
    ...simulatedWorld(seed),
    mode,
    dedupe: false,
    limits,
  });
}

/** One run of the command, into a disk that may fail. */
async function run(disk: SimulatedDisk, from: BuiltLog, seed: number, intercept?: Intercept): Promise<void> {
  const store = await open(disk, 'migrate', seed, intercept);
  const { objects, checkpoints, sequence, migration } = store;
  const destination = { label: ROOT, objects, checkpoints, sequence, mark: migration, close: () => store.close() };
  await migrate(key, from, destination, { stepBytes: 5000 });
  await store.close();
}

async function publicFiles(disk: SimulatedDisk): Promise<Map<string, Uint8Array>> {
  const fs = disk.process();
  const files = new Map<string, Uint8Array>();
  const visit = async (path: string): Promise<void> => {
    for (const name of ((await fs.readdir(`${ROOT}${path}`)) ?? []).toSorted()) {
      if (name.startsWith('.state')) continue;
      const inner = `${path}/${name}`;
      if ((await fs.stat(`${ROOT}${inner}`))?.kind === 'directory') await visit(inner);
      else files.set(inner, (await fs.readFile(`${ROOT}${inner}`)) ?? new Uint8Array(0));
    }
  };
  await visit('');
  return files;
}

async function freshDisk(): Promise<SimulatedDisk> {
  return new SimulatedDisk();
}

async function filledDisk(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  await run(disk, first, 1);
  return disk;
}

test.each([
  ['an empty directory', freshDisk],
  ['a directory that follows its source', filledDisk],
] as const)(
  'into %s: whatever a power loss after any write takes, the next run makes it whole, and it stays',
  async (_, disk) => {
    const start = await disk();
    const calm = start.clone();
    let operations = 0;
    await run(calm, log, 2, () => void operations++);
    const whole = await publicFiles(calm);
    expect(whole.get('/checkpoint')).toEqual(log.files.get('checkpoint'));
    for (let at = 0; at < operations; at++) {
      for (const loss of [0, at + 2]) {
        const image = start.clone();
        let count = 0;
        await run(image, log, 3, () => (count++ === at ? { kind: 'stop-after' } : undefined)).catch(() => undefined);
        image.powerLoss(loss);
        const seen = await publicFiles(image);
        const published = seen.get('/checkpoint');
        if (published !== undefined && published.length > 0) {
          expect([log, first].map(({ files }) => files.get('checkpoint'))).toContainEqual(published);
        }
        // Half of it is for nobody but the next run.
        const opened = await open(image, 'open', 4)
          .then((store) => store.close())
          .catch((error: unknown) => error);
        const isWhole =
          Buffer.compare(published ?? new Uint8Array(0), log.files.get('checkpoint') ?? new Uint8Array(0)) === 0;
        const untouched = (await image.process().stat(`${ROOT}/.state/migrating`)) === undefined;
        if (!isWhole && !untouched)
          expect([at, loss, opened]).toEqual([at, loss, expect.objectContaining({ code: 'half-log' })]);
        await run(image, log, 5);
        image.powerLoss(0);
        expect([at, loss, await publicFiles(image)]).toEqual([at, loss, whole]);
        const store = await open(image, 'open', 6);
        expect(await store.sequence.head()).toMatchObject({ tree: log.edge.tree, signed: log.edge.tree, next: 600 });
      }
    }
  },
);
