import { asTreeSize, equalBytes, type Hash, type TreeSize } from '@tilewright/core/bytes';
import { type Checkpoint, parseCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { formatNote, type NoteVerifier, parseNote } from '@tilewright/core/note';
import { checkAddCheckpoint, parseAddCheckpoint } from '@tilewright/core/witness';
import type { KnownLogs } from '../known-logs.ts';
import type { StateStep } from '../state/witness-state.ts';
import { logIdOf, type WitnessedHead } from '../state/witnessed-head.ts';

/** By what a witness decides, besides its state. */
export interface Rules {
  readonly logs: KnownLogs;
  /** Whether one of the witness's keys can sign this checkpoint. */
  readonly canSign: (checkpoint: Checkpoint) => boolean;
  /** Seconds since 1970. */
  readonly nowS: number;
}

/** What an add-checkpoint request comes to. */
export type Decision =
  /** It is stored and may be cosigned, with the time of `head`. */
  | { readonly status: 200; readonly head: WitnessedHead; readonly isFirst: boolean }
  | { readonly status: 409; readonly size: TreeSize; readonly reason: string; readonly conflict: Conflict | undefined }
  | {
      readonly status: 400 | 403 | 404 | 422 | 503;
      readonly reason: string;
      readonly conflict?: Conflict | undefined;
    };

/** Two trees of one size, both signed by the log: what no honest log ever signs. */
export interface Conflict {
  readonly origin: string;
  readonly size: TreeSize;
  /** Of the tree that was not cosigned. */
  readonly root: Hash;
  /** The note that was cosigned, and the one that was not, each with the log's signatures. */
  readonly cosigned: Uint8Array;
  readonly offered: Uint8Array;
}

/** Seconds that the clock may be behind the last cosignature. Time services set clocks back by less. */
const MAX_CLOCK_LAG_S = 60;
const EMPTY: Tree = { size: asTreeSize(0), root: EMPTY_ROOT };

/** Checks a request against the state, and stores what is to be cosigned. The whole of it is one step of the state. */
export function decide(body: Uint8Array, { logs, canSign, nowS }: Rules, step: StateStep): Decision {
  const verdict = checkAddCheckpoint(body, (origin) => {
    const verifiers = logs.get(origin);
    return verifiers && { verifiers, latest: step.head(logIdOf(origin))?.checkpoint ?? EMPTY };
  });
  if (verdict.status === 409 || verdict.status === 422) return { ...verdict, conflict: conflictIn(body, logs, step) };
  if (verdict.status !== 200) return verdict;
  const { checkpoint, note } = verdict;
  if (!canSign(checkpoint)) {
    return { status: 400, reason: 'the checkpoint has extension lines, which the key of this witness does not sign' };
  }
  const before = step.head(logIdOf(checkpoint.origin));
  const timestamp = Math.max(nowS, before?.timestamp ?? 0);
  if (!(nowS >= 1) || timestamp - nowS > MAX_CLOCK_LAG_S) {
    return { status: 503, reason: 'the clock of this witness is behind its last cosignature' };
  }
  const head = { note: signedBy(logs.get(checkpoint.origin) ?? [], note), checkpoint, timestamp };
  step.store(head);
  return { status: 200, head, isFirst: before === undefined };
}

/** After a 409 or 422, when the signatures of the log are verified: whether the log signed another tree of the same size. */
function conflictIn(body: Uint8Array, logs: KnownLogs, step: StateStep): Conflict | undefined {
  const { checkpoint: note } = parseAddCheckpoint(body);
  const { origin, size, root } = parseCheckpoint(parseNote(note).text);
  const head = step.head(logIdOf(origin));
  if (head === undefined || head.checkpoint.size !== size || equalBytes(head.checkpoint.root, root)) return undefined;
  return { origin, size, root, cosigned: head.note, offered: signedBy(logs.get(origin) ?? [], note) };
}

/** The note with the signatures of these keys alone, each once: nobody checked the others. */
function signedBy(verifiers: readonly NoteVerifier[], note: Uint8Array): Uint8Array {
  const { text, signatures } = parseNote(note);
  const lines = new Map(
    signatures
      .filter(({ name, keyId }) => verifiers.some((verifier) => verifier.name === name && verifier.keyId === keyId))
      .map((signature) => [signature.line, signature]),
  );
  return formatNote({ text, signatures: [...lines.values()] });
}
