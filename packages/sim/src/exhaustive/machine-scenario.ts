import { DEFAULT_LOG_OPTIONS } from '@tilewright/log';
import type { Chooser } from '../choice/chooser.ts';
import type { HistoryOutcome } from '../history/history.ts';
import { baseImage } from '../machine/base-image.ts';
import { NO_FAULTS } from '../machine/disk-faults.ts';
import { type Life, Machine } from '../machine/machine.ts';
import { UnreliableDedupe } from '../machine/unreliable-dedupe.ts';
import { Clients } from '../workload/clients.ts';
import { Schedule } from '../world/schedule.ts';
import { Story } from '../world/story.ts';
import { keptBy, patterns, unsyncedInodes } from './kept-pieces.ts';

const BOUNDS = { steps: 5_000, ms: 600_000 };
const ENTRIES = 1;
const SENT = 2;
const OPTIONS = {
  ...DEFAULT_LOG_OPTIONS,
  batch: { maxEntries: 1, maxBytes: 100 },
  retry: { firstMs: 2, lastMs: 50 },
  collectIntervalMs: 100,
  tileHeight: 1,
};
const SMALL_CHANCE = 1e-9;
/** A process may end before every change of the disk, and any change may fail. */
const ANYTHING = { ...NO_FAULTS, end: SMALL_CHANCE, eio: SMALL_CHANCE, full: SMALL_CHANCE };

/** A log of one entry is started and sent two more, each a batch, into whatever happens to its process and its disk. */
export async function machineScenario(chooser: Chooser, told: boolean): Promise<HistoryOutcome> {
  const story = new Story(told);
  const { disk, oracle } = await baseImage(ENTRIES, OPTIONS);
  const schedule = new Schedule(chooser, BOUNDS, 'sticky');
  const around = { chooser, schedule, oracle, story };
  const machine = new Machine(disk, around, new UnreliableDedupe(chooser, false), OPTIONS);
  const clients = new Clients(oracle, story, ENTRIES);
  const owner = {};

  let ends = 0;
  /** After the process ended: the power may be gone as well. The second time it is, with all that was not synced. */
  const afterwards = async (): Promise<void> => {
    machine.kill();
    ends += 1;
    if (ends > 1) return machine.losePower(() => false);
    const what = chooser.pick('workload', 3, 1);
    if (what === 0) return;
    if (what === 1) return machine.losePower(() => true);
    const unsynced = unsyncedInodes(disk);
    const pattern = chooser.pick('loss', patterns(unsynced), 1);
    story.tell(`power loss: pattern ${pattern} of what is not synced of ${unsynced.length} files`);
    await machine.losePower(keptBy(pattern, unsynced));
  };
  const start = async (): Promise<Life> => {
    for (let tries = 0; tries < 6; tries++) {
      const life = await machine.start();
      oracle.check();
      if (life !== undefined) return life;
      await afterwards();
    }
    throw new Error('the log does not start');
  };
  const work = async (): Promise<void> => {
    machine.rates = ANYTHING;
    let life = await start();
    for (let i = 0; i < SENT; i++) {
      const answered = clients.send(life);
      await Promise.race([answered, life.died, schedule.sleep(owner, 500)]);
      const stopped = life.log.status().unready?.startsWith('writing stopped') === true;
      if (life.alive && !stopped) continue;
      if (stopped && !life.troubled) oracle.breach('P9', `the log stopped: ${(await life.log.failed).message}`);
      await afterwards();
      life = await start();
    }
    await Promise.race([life.log.close({ timeoutMs: 5_000 }), life.died]);
    await afterwards();
    machine.rates = NO_FAULTS;
    life = await start();
    await clients.send(life);
    const { next } = life.log.status();
    machine.look();
    machine.kill();
    await machine.checkVisible(true);
    if (oracle.shown !== next) oracle.breach('P8', `${next} entries are sequenced, and ${oracle.shown} published`);
    oracle.check();
  };
  let broken: unknown;
  try {
    await schedule.until(work());
  } catch (error) {
    broken = error;
  } finally {
    schedule.end();
  }
  return { broken: oracle.broken ?? broken, steps: schedule.count, counts: story.counts, story: story.lines };
}
