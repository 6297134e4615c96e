import { LAYOUT, type SimulatedDisk, scanSegment } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { fileBytes, ROOT } from '../../../machine/disk-view.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, type Trial, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;

/** A byte of a segment, and the record that it belongs to. */
interface Place {
  readonly path: string;
  readonly at: number;
  /** Where its record begins, 0 for the segment's header; nothing behind the last record. */
  readonly record: number | undefined;
}

/** Somewhere in every field of every header and record, and behind the records. */
function placesOf(disk: SimulatedDisk): Place[] {
  return disk.files(`${ROOT}/${LAYOUT.wal}`).flatMap((file) => {
    const path = file.slice(ROOT.length + 1);
    const bytes = fileBytes(disk, path) ?? new Uint8Array(0);
    const scan = scanSegment(bytes);
    if (scan === undefined || scan.bad !== undefined) throw new Error(`${path} is damaged to begin with`);
    const header = [0, 15, 16, 55, 63, 71, 79, 87, 88, 120, 151, 152, 4095].map((at) => ({ path, at, record: 0 }));
    const records = scan.records.flatMap(({ offset, payload, length }) => {
      const end = 36 + payload.length;
      // Magic, length, first index, count, token, first entry, checksum, padding.
      const fields = [0, 7, 15, 19, 20, 35, 36, 38, end - 1, end, end + 31, end + 32, length - 1];
      return fields.map((at) => ({ path, at: offset + at, record: offset }));
    });
    const last = scan.records.at(-1);
    const free = last === undefined ? 4096 : last.offset + last.length;
    const behind = free < bytes.length ? [free, bytes.length - 1].map((at) => ({ path, at, record: undefined })) : [];
    return [...header, ...records, ...behind];
  });
}

/** A log of two openings, each with several segments, whose server was killed. Everything in it is published. */
async function killedLog(): Promise<Scene> {
  const scene = await Scene.withLog(5, settings(2));
  for (let opening = 0; opening < 2; opening++) {
    await scene.play(async () => {
      const life = await scene.start();
      for (let i = 0; i < 4; i++) await scene.send(life);
      await scene.losePower();
    });
  }
  return scene;
}

test(
  'one bit anywhere in a segment: the log says which record of which file it is; or it lost nothing by it',
  async () => {
    const image = await killedLog();
    const segments = new Set<string>();
    const trials = placesOf(image.disk).map(({ path, at, record }): Trial => {
      segments.add(path);
      const run = async (): Promise<void> => {
        const scene = image.copy();
        scene.disk.file(`${ROOT}/${path}`).corrupt(at, (byte) => byte ^ 1);
        await scene.play(async () => {
          const refusal = await scene.refusal();
          if (record !== undefined || refusal !== undefined) {
            expect(refusal).toMatchObject({
              name: 'PosixError',
              code: 'corrupt',
              path,
              offset: record ?? at - (at % 4096),
            });
          } else await scene.comeToRest();
        });
      };
      return { name: `byte ${at} of ${path}`, run };
    });
    const outcome = await tryAll(trials);
    expect(outcome).toEqual(allWell(outcome));
    expect(segments.size).toBeGreaterThan(4);
    expect(outcome.tried).toBeGreaterThan(150);
  },
  TIMEOUT_MS,
);
