import { type FsckProgress, type FsckReport, fsck, type TileSource } from '@tilewright/client';
import type { NoteVerifier } from '@tilewright/core/note';
import type { Io } from '../terminal/io.ts';
import { progressLine } from '../terminal/progress-line.ts';

/** Runs a whole check of a log with its progress on standard error. */
export async function checkLog(source: TileSource, verifier: NoteVerifier, io: Io): Promise<FsckReport> {
  const line = progressLine(io, () => performance.now());
  try {
    return await fsck(source, verifier, {
      signal: io.signal,
      progress: (progress) => line.update(progressText(progress)),
    });
  } finally {
    line.end();
  }
}

function progressText({ entriesDone, entriesTotal, entriesPerSecond }: FsckProgress): string {
  const percent = entriesTotal === 0 ? 100 : Math.floor((100 * entriesDone) / entriesTotal);
  return `checked ${entriesDone} of ${entriesTotal} entries (${percent} %), ${entriesPerSecond} a second`;
}

/** What a check found as lines for a person: damage first, then what is only odd. */
export function reportLines(report: FsckReport): { readonly damage: string[]; readonly notes: string[] } {
  const damage = report.damage.map(({ path, what }) => (what.startsWith(path) ? what : `${path}: ${what}`));
  if (report.damageCount > damage.length) damage.push(`and ${report.damageCount - damage.length} more`);
  const notes: string[] = [];
  if (report.strayCount > 0) notes.push(`${report.strayCount} files that are no part of a log: ${some(report.strays)}`);
  if (report.unpublishedCount > 0)
    notes.push(`${report.unpublishedCount} objects beyond the checkpoint: ${some(report.unpublished)}`);
  return { damage, notes };
}

function some(paths: readonly string[]): string {
  return paths.length > 5 ? `${paths.slice(0, 5).join(', ')}, …` : paths.join(', ');
}
