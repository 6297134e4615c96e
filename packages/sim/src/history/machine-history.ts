import { SimulatedDisk } from '@tilewright/store-posix/testing';
import type { Chooser } from '../choice/chooser.ts';
import { baseImage } from '../machine/base-image.ts';
import { fileBytes } from '../machine/disk-view.ts';
import { Machine, type Surroundings } from '../machine/machine.ts';
import { UnreliableDedupe } from '../machine/unreliable-dedupe.ts';
import { Oracle } from '../oracle/oracle.ts';
import type { Witnesses } from '../witnesses/witnesses.ts';
import { Clients } from '../workload/clients.ts';
import { chooseSettings } from '../workload/log-settings.ts';
import { MachineWorkload } from '../workload/machine-workload.ts';
import { Schedule } from '../world/schedule.ts';
import { Story } from '../world/story.ts';
import type { HistoryOutcome } from './history.ts';

const BOUNDS = { steps: 20_000, ms: 600_000 };
/** The largest log that a history begins with: it has tiles on four levels. */
const MOST_ENTRIES = 12;

/** One history of one machine: the real engine on the real driver, on a disk that forgets and fails; with witnesses or without. */
export async function machineHistory(
  chooser: Chooser,
  told: boolean,
  witnessesOf?: (around: Surroundings, published: Uint8Array | undefined) => Witnesses,
): Promise<HistoryOutcome> {
  const options = chooseSettings(chooser, 1);
  // Without a log at first, or with one of 0 entries and more.
  const begins = chooser.pick('workload', MOST_ENTRIES + 2, 0.15) - 1;
  const { disk, oracle } =
    begins < 0 ? { disk: new SimulatedDisk(), oracle: new Oracle() } : await baseImage(begins, options);
  const story = new Story(told);
  const schedule = new Schedule(chooser, BOUNDS);
  const around = { chooser, schedule, oracle, story };
  const witnesses = witnessesOf?.(around, fileBytes(disk, 'checkpoint'));
  const machine = new Machine(disk, around, new UnreliableDedupe(chooser, begins >= 0), options, witnesses);
  const clients = new Clients(oracle, story, Math.max(0, begins));
  story.tell(begins < 0 ? 'there is no log' : `there is a log of ${begins} entries`);
  let broken: unknown;
  try {
    await schedule.until(new MachineWorkload(machine, clients, around, witnesses).run());
  } catch (error) {
    broken = error;
  } finally {
    schedule.end();
  }
  broken = oracle.broken ?? broken;
  return { broken, steps: schedule.count, counts: story.counts, story: story.lines };
}
