import { SimulatedDisk } from '@tilewright/store-posix/testing';
import { dieAppending, dieOpening, diePublishing, dieReplaying, live, type Stage } from './lives.ts';
import { closeLog, publishEntries, ROOT, startAll } from './small-log.ts';

/** A disk with a log on it, all of it durable: what is on it was written by the engine and the driver themselves. */
export interface LogImage extends Stage {
  readonly name: string;
  /** Entries that were answered: 0 up to, without, this one, each at the index of its number. */
  readonly published: number;
  /** Entries that have an index: the rest of them nobody was told of. */
  readonly sequenced: number;
}

interface Plot {
  readonly name: string;
  readonly tileHeight: number;
  readonly play: (stage: Stage) => Promise<void>;
  readonly published: number;
  readonly sequenced: number;
}

const PLOTS: readonly Plot[] = [
  {
    name: 'a new log',
    tileHeight: 8,
    play: async ({ disk, tileHeight }) => closeLog(await startAll(disk.process(), 1, tileHeight)),
    published: 0,
    sequenced: 0,
  },
  {
    name: 'closed after five entries',
    tileHeight: 8,
    async play({ disk, tileHeight }) {
      const running = await startAll(disk.process(), 1, tileHeight);
      await publishEntries(running, 0, 2);
      await publishEntries(running, 2, 5);
      await closeLog(running);
    },
    published: 5,
    sequenced: 5,
  },
  {
    name: 'killed with two entries sequenced',
    tileHeight: 8,
    play: (stage) => live(stage, 1, 0, 3, 5),
    published: 3,
    sequenced: 5,
  },
  {
    name: 'killed twice, over several segments and tiles',
    tileHeight: 1,
    async play(stage) {
      await live(stage, 1, 0, 7, 9);
      await live(stage, 2, 9, 12, 13);
    },
    published: 12,
    sequenced: 13,
  },
  {
    name: 'a torn record',
    tileHeight: 8,
    async play(stage) {
      await live(stage, 1, 0, 2, 3);
      await dieAppending(stage, 2);
    },
    published: 3,
    sequenced: 3,
  },
  {
    name: 'a torn record of the opening before',
    tileHeight: 2,
    async play(stage) {
      await live(stage, 1, 0, 2, 3);
      await dieAppending(stage, 2);
      await live(stage, 3, 3, 5, 6);
    },
    published: 5,
    sequenced: 6,
  },
  {
    name: 'a recovery that was cut short',
    tileHeight: 8,
    async play(stage) {
      await live(stage, 1, 0, 2, 5);
      await dieOpening(stage, 2);
    },
    published: 2,
    sequenced: 5,
  },
  {
    name: 'killed between integration and publication',
    tileHeight: 1,
    async play(stage) {
      await live(stage, 1, 0, 5, 5);
      await diePublishing(stage, 2, 5, 'floor-raised');
    },
    published: 5,
    sequenced: 6,
  },
  {
    name: 'killed twice on the way to a publication',
    tileHeight: 2,
    async play(stage) {
      await live(stage, 1, 0, 4, 4);
      await diePublishing(stage, 2, 4, 'checkpoint-data');
      await dieReplaying(stage, 3, 5);
    },
    published: 4,
    sequenced: 6,
  },
  {
    name: 'more than one tile',
    tileHeight: 8,
    async play(stage) {
      const running = await startAll(stage.disk.process(), 1, stage.tileHeight);
      await publishEntries(running, 0, 250);
      await publishEntries(running, 250, 258);
      await closeLog(running);
      await live(stage, 2, 258, 259, 261);
    },
    published: 259,
    sequenced: 261,
  },
];

/** Longer than any file of these logs, bytes. */
const LONGEST = 2 ** 18;

let made: Promise<readonly LogImage[]> | undefined;

/** All images; made once. Clone their disks before anything is done to them. */
export function logImages(): Promise<readonly LogImage[]> {
  made ??= Promise.all(
    PLOTS.map(async ({ play, ...facts }) => {
      const disk = new SimulatedDisk();
      await play({ disk, tileHeight: facts.tileHeight });
      disk.powerLoss(1);
      return { disk, ...facts };
    }),
  );
  return made;
}

/** All of a file on a simulated disk, or as much as the largest file of these logs has: damage may have made it endless. */
export function bytesOf(disk: SimulatedDisk, path: string): Uint8Array {
  const file = disk.file(path);
  const bytes = new Uint8Array(Math.min(file.size, LONGEST));
  file.read(bytes, 0);
  return bytes;
}

/** The files of a directory, by their path below the log's. */
export function filesBelow(disk: SimulatedDisk, directory: string): Map<string, Uint8Array> {
  const path = `${ROOT}/${directory}`;
  return new Map(disk.files(path).map((file) => [file.slice(ROOT.length + 1), bytesOf(disk, file)]));
}
