import type { LogOptions } from '@tilewright/log';
import { SimulatedDisk } from '@tilewright/store-posix/testing';
import { WrittenChooser } from '../choice/written-chooser.ts';
import { Oracle } from '../oracle/oracle.ts';
import { Clients } from '../workload/clients.ts';
import { Schedule } from '../world/schedule.ts';
import { Story } from '../world/story.ts';
import { Machine } from './machine.ts';
import { UnreliableDedupe } from './unreliable-dedupe.ts';

/** A disk with a log on it, all of it durable, and what was promised on it. */
export interface BaseImage {
  readonly disk: SimulatedDisk;
  readonly oracle: Oracle;
  /** Entries that the log holds. */
  readonly entries: number;
}

const images = new Map<string, Promise<BaseImage>>();

/** A log of `entries` entries, made without any trouble by a server that was closed since; made once, then copied. */
export async function baseImage(entries: number, options: LogOptions): Promise<BaseImage> {
  const key = `${options.tileHeight}/${entries}`;
  const made = images.get(key) ?? make(entries, options);
  images.set(key, made);
  const { disk, oracle } = await made;
  return { disk: disk.clone(), oracle: oracle.clone(), entries };
}

async function make(entries: number, options: LogOptions): Promise<BaseImage> {
  const disk = new SimulatedDisk();
  const oracle = new Oracle();
  const chooser = new WrittenChooser([]);
  const schedule = new Schedule(chooser, { steps: 100_000, ms: 100_000 });
  const around = { chooser, schedule, oracle, story: new Story(false) };
  const machine = new Machine(disk, around, new UnreliableDedupe(chooser, false), options);
  const clients = new Clients(oracle, around.story, 0);
  const work = async (): Promise<void> => {
    const life = await machine.start();
    if (life === undefined) throw new Error('the image cannot be made', { cause: oracle.broken });
    for (let i = 0; i < entries; i++) await clients.send(life);
    await life.log.close({ timeoutMs: 10_000 });
    await machine.losePower(() => true);
  };
  await schedule.until(work());
  oracle.check();
  return { disk, oracle, entries };
}
