import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import type { Tree } from '@tilewright/core/merkle';
import type { NoteVerifier } from '@tilewright/core/note';
import { ClientError } from '../client-error.ts';
import type { TileSource } from '../source/tile-source.ts';
import { type FsckOptions, fsck } from './fsck.ts';
import type { FsckReport } from './report.ts';

/** A log that another server wrote, verified as a whole. */
export interface AdoptableLog extends Tree {
  readonly checkpoint: OpenedCheckpoint;
  /** Its `unpublished` objects may stand in the way of a server that goes on from `size`. */
  readonly report: FsckReport;
}

/**
 * Checks a whole log, as `fsck` does, before it is taken over.
 *
 * @throws ClientError `damaged`, naming the first damaged files; what `fsck` throws
 */
export async function verifyAdoptable(
  source: TileSource,
  verifier: NoteVerifier,
  options: FsckOptions = {},
): Promise<AdoptableLog> {
  const report = await fsck(source, verifier, options);
  const { checkpoint } = report;
  if (report.ok && checkpoint !== undefined)
    return { size: checkpoint.size, root: checkpoint.root, checkpoint, report };
  const first = report.damage.slice(0, 3).map(({ path, what }) => `${path}: ${what}`);
  const more = report.damageCount > first.length ? `; and ${report.damageCount - first.length} more` : '';
  throw new ClientError('damaged', `${source.label} cannot be adopted, it is damaged: ${first.join('; ')}${more}`);
}
