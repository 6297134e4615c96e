import fs from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { BlockRecording } from './blocks/block-recording.ts';
import { BlockSite } from './blocks/block-site.ts';
import type { CrashSite } from './crash-site.ts';
import type { FileRecording } from './files/file-recording.ts';
import { type CutShort, FileSite } from './files/file-site.ts';

/** What a log did, to be replayed as often as one likes. */
export type Recording = FileRecording | BlockRecording;

/** Keeps a recording in a file. */
export function saveRecording(recording: Recording, path: string): void {
  fs.writeFileSync(path, serialize(recording), { mode: 0o600 });
}

/** A recording that was kept. Throws when the file holds something else. */
export function loadRecording(path: string): Recording {
  const recording = deserialize(fs.readFileSync(path)) as Partial<Recording> | undefined;
  if (recording?.form === 'files' || recording?.form === 'blocks') return recording as Recording;
  throw new Error(`${path} is not a recording of this program`);
}

/** Makes images of a recording below the directory `scratch`. */
export function siteOf(recording: Recording, scratch: string, cuts: CutShort): Promise<CrashSite> {
  return recording.form === 'files'
    ? FileSite.open(recording, `${scratch}/image`, cuts)
    : Promise.resolve(new BlockSite(recording, scratch));
}
