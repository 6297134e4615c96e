import { expect, test } from 'vitest';
import { SYNC_PURPOSES, type SyncPurpose } from '../fs/sync-purpose.ts';
import { type Disguise, operationsOf, runFaultCase } from './fault-case.ts';
import { crashedImage, emptyImage, type Image } from './images.ts';
import { markOfAMigration, markTakenAway } from './migration-story.ts';
import {
  adopted,
  adoptedHalfWay,
  checkpointPutBack,
  frozenForGood,
  identicalButUnsynced,
  registerGone,
  type Story,
} from './small-stories.ts';
import { withoutSync } from './without-sync.ts';

/** A process that ends right after each operation in turn, and a power loss that takes all that was not synced. */
async function firstBroken(image: Image, disguise: Disguise): Promise<string | undefined> {
  const operations = await operationsOf(image);
  for (let at = operations.length - 1; at >= 0; at--) {
    for (const loss of [0, 'none'] as const) {
      try {
        await runFaultCase({ image, at, fault: { kind: 'stop-after' }, loss }, disguise);
      } catch (error) {
        return `${at} ${loss}: ${String(error)}`;
      }
    }
  }
  return undefined;
}

const going: SyncPurpose[] = [
  'segment-opened',
  'segment-opened-dir',
  'tree-opened',
  'floor-opened',
  'checkpoint-found-dir',
  'segment-prepared',
  'segment-prepared-dir',
  'segment-record',
  'object-data',
  'object-dir',
  'tree-advanced',
  'floor-raised',
  'checkpoint-data',
  'checkpoint-dir',
];
const making: SyncPurpose[] = ['root-name', 'format-file', 'state-dir', 'state-name'];
const stories: readonly (readonly [SyncPurpose, Story])[] = [
  ['object-found', identicalButUnsynced],
  ['frozen-data', frozenForGood],
  ['frozen-dir', frozenForGood],
  ['migrating-dir', markOfAMigration],
  ['migrated-dir', markTakenAway],
  ['checkpoint-found', checkpointPutBack],
  ['register-dir', registerGone],
  ['tree-created', adopted],
  ['floor-created', adopted],
  ['adopted-file', adopted],
  ['adopted-dir', adopted],
  ['adopted-name', adopted],
  ['adopted-aside', adoptedHalfWay],
];

test('every sync of the driver is accounted for', () => {
  const covered = [...going, ...making, ...stories.map(([purpose]) => purpose)];
  expect(covered.toSorted()).toEqual([...SYNC_PURPOSES].sort());
});

test.each(going)(
  'a log that goes on without the %s syncs breaks a promise',
  async (purpose) => {
    const broken = await firstBroken(await crashedImage(), (fs) => withoutSync(fs, purpose));
    expect(broken).toBeDefined();
  },
  120_000,
);

test.each(making)(
  'a log that is made without the %s syncs breaks a promise',
  async (purpose) => {
    const broken = await firstBroken(emptyImage(), (fs) => withoutSync(fs, purpose));
    expect(broken).toBeDefined();
  },
  120_000,
);

test.each(stories)('without the %s sync its promise is broken, with it the promise holds', async (purpose, story) => {
  await story((fs) => fs);
  await expect(story((fs) => withoutSync(fs, purpose))).rejects.toThrow();
});
