import { openPosixStore } from '../open-posix-store.ts';
import type { PosixOptions, PosixStore } from '../posix-options.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { simulatedWorld } from '../testing/simulated-world.ts';
import { unsignedNote } from '../testing/unsigned-note.ts';
import type { Disguise } from './fault-case.ts';
import { ROOT } from './oracle.ts';
import { LIMITS } from './run-log.ts';
import type { Story } from './small-stories.ts';
import { LOG_ID, ORIGIN } from './test-key.ts';

function open(disk: SimulatedDisk, mode: PosixOptions['mode'], disguise: Disguise = (fs) => fs): Promise<PosixStore> {
  return openPosixStore({
    fs: disguise(disk.process()),
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...simulatedWorld(1),
    mode,
    dedupe: false,
    limits: LIMITS,
  });
}

/** A log with a checkpoint, as one is that goes on to follow its source. */
async function marked(disk: SimulatedDisk, disguise: Disguise): Promise<PosixStore> {
  const store = await open(disk, 'migrate', disguise);
  const { tree } = await store.sequence.head();
  await store.checkpoints.replace(unsignedNote(ORIGIN, tree), 'absent');
  await store.migration.set();
  return store;
}

/** A directory that is being filled stays one that only a migration opens, whatever a power loss takes. */
export const markOfAMigration: Story = async (disguise) => {
  const disk = new SimulatedDisk();
  await marked(disk, disguise);
  disk.powerLoss(0);
  const served = await open(disk, 'open-or-create').catch((error: unknown) => error);
  if (!(served instanceof Error) || !served.message.includes('log migrate'))
    throw new Error('half of a log was opened');
  await (await open(disk, 'migrate')).close();
};

/** Once it is filled, it is a log like any other, and stays one. */
export const markTakenAway: Story = async (disguise) => {
  const disk = new SimulatedDisk();
  const store = await marked(disk, disguise);
  await store.migration.clear();
  disk.powerLoss(0);
  await (await open(disk, 'open')).close();
};
