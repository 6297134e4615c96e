import { openPosixStore } from '../open-posix-store.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { simulatedWorld } from '../testing/simulated-world.ts';
import { unsignedNote } from '../testing/unsigned-note.ts';
import { ROOT } from './oracle.ts';
import { LIMITS } from './run-log.ts';
import type { Story } from './small-stories.ts';
import { LOG_ID, ORIGIN } from './test-key.ts';

/** A directory that is being filled stays one that only a migration opens, whatever a power loss takes. */
export const markOfAMigration: Story = async (disguise) => {
  const disk = new SimulatedDisk();
  const options = {
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...simulatedWorld(1),
    dedupe: false,
    limits: LIMITS,
  };
  const store = await openPosixStore({ ...options, fs: disguise(disk.process()), mode: 'migrate' });
  const { tree } = await store.sequence.head();
  // As where a finished migration goes on to a newer checkpoint.
  await store.checkpoints.replace(unsignedNote(ORIGIN, tree), 'absent');
  await store.migration.set();
  disk.powerLoss(0);
  const served = await openPosixStore({ ...options, fs: disk.process(), mode: 'open-or-create' }).catch(
    (error: unknown) => error,
  );
  if (!(served instanceof Error) || !served.message.includes('log migrate'))
    throw new Error('half of a log was opened');
  const again = await openPosixStore({ ...options, fs: disk.process(), mode: 'migrate' });
  await again.migration.clear();
  await again.close();
  await (await openPosixStore({ ...options, fs: disk.process(), mode: 'open' })).close();
};
