import { equalBytes } from '../bytes/sequences.ts';
import type { TreeSize } from '../bytes/tree-numbers.ts';
import { type Checkpoint, parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT } from '../hash/tree-hash.ts';
import { verifyConsistency } from '../merkle/consistency-proof.ts';
import type { Tree } from '../merkle/tree.ts';
import type { NoteVerifier } from '../note/index.ts';
import { openNote, parseNote } from '../note/index.ts';
import { type AddCheckpointRequest, parseAddCheckpoint } from './add-checkpoint-request.ts';

/** What a witness knows of one log. */
export interface WitnessedLog {
  /** The log's keys: one of them must have signed, and none may fail. */
  readonly verifiers: readonly NoteVerifier[];
  /** The tree that was cosigned last; of a log that never was, size 0 and the empty root. */
  readonly latest: Tree;
}

/** What a witness answers. Only 200 may be cosigned, and only after `checkpoint` was stored as the latest. */
export type AddCheckpointVerdict =
  | { readonly status: 200; readonly checkpoint: Checkpoint; readonly note: Uint8Array }
  /** The body of the answer is the size, as `text/x.tlog.size`. */
  | { readonly status: 409; readonly size: TreeSize; readonly reason: string }
  | { readonly status: 400 | 403 | 404 | 422; readonly reason: string };

/**
 * Decides what a witness answers to an add-checkpoint request, from what it knows of the log of that origin
 * (tlog-witness, "add-checkpoint"). Pure: the caller looks the log up, and stores the new latest tree in the same
 * transaction that read the old one, before it answers.
 */
export function checkAddCheckpoint(
  body: Uint8Array,
  logOf: (origin: string) => WitnessedLog | undefined,
): AddCheckpointVerdict {
  let request: AddCheckpointRequest;
  let checkpoint: Checkpoint;
  try {
    request = parseAddCheckpoint(body);
    checkpoint = parseCheckpoint(parseNote(request.checkpoint).text);
  } catch (error) {
    return refusal(400, error);
  }
  const log = logOf(checkpoint.origin);
  if (log === undefined) return { status: 404, reason: 'no log of this origin is known here' };
  try {
    openNote(request.checkpoint, log.verifiers);
  } catch (error) {
    return refusal(403, error);
  }
  return checkTree(request, checkpoint, log.latest);
}

function checkTree(
  { oldSize, proof, checkpoint: note }: AddCheckpointRequest,
  checkpoint: Checkpoint,
  latest: Tree,
): AddCheckpointVerdict {
  if (oldSize > checkpoint.size) {
    return { status: 400, reason: `the old size ${oldSize} is above the checkpoint's, ${checkpoint.size}` };
  }
  // Before the comparison of sizes: an impossible tree is one whatever was seen before.
  if (checkpoint.size === 0 && !equalBytes(checkpoint.root, EMPTY_ROOT)) {
    return { status: 422, reason: 'the tree of size 0 has the wrong root' };
  }
  if (oldSize !== latest.size) {
    return { status: 409, size: latest.size, reason: `the latest cosigned size is ${latest.size}, not ${oldSize}` };
  }
  try {
    verifyConsistency(latest, checkpoint, proof);
  } catch (error) {
    return refusal(422, error);
  }
  return { status: 200, checkpoint, note };
}

function refusal(status: 400 | 403 | 422, error: unknown): AddCheckpointVerdict {
  if (!(error instanceof CoreError)) throw error;
  return { status, reason: error.message };
}
