import { DECIMAL_REFUSALS, HASH_REFUSALS, UTF8_REFUSAL } from '../bytes/refusals.ts';
import { inPart, type Refusal, refusal, without } from '../kit/refusal.ts';
import { SIGNATURE_LINES_REFUSALS, SIGNATURE_REFUSALS } from '../note/refusals.ts';

const REQUEST_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'a request has at most 131072 bytes, this one has \\d+'),
  UTF8_REFUSAL,
  refusal('no empty line', 'malformed', 'no empty line stands between the proof and the checkpoint'),
  refusal('too many hashes', 'malformed', 'a proof has at most 63 lines'),
];

/** What `parseAddCheckpoint` refuses. */
export const ADD_CHECKPOINT_REFUSALS: readonly Refusal[] = [
  ...REQUEST_REFUSALS,
  refusal('first line', 'malformed', "line 1 is not 'old' and a size"),
  ...inPart('old size', 'line 1: ', DECIMAL_REFUSALS),
  ...inPart('hash', 'line \\d+: ', HASH_REFUSALS),
];

/** What `parseSignSubtree` refuses. */
export const SIGN_SUBTREE_REFUSALS: readonly Refusal[] = [
  ...REQUEST_REFUSALS,
  refusal('two lines', 'malformed', 'the request begins with 2 lines'),
  refusal('first line', 'malformed', "line 1 is not 'subtree', a start and an end"),
  ...inPart('range', 'line 1: ', DECIMAL_REFUSALS),
  ...inPart('subtree', 'line 2: ', HASH_REFUSALS),
  ...inPart('hash', 'line (?:[3-9]|\\d\\d): ', HASH_REFUSALS),
];

/** What `parseLatestSize` refuses. */
export const LATEST_SIZE_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'a size has at most 20 bytes'),
  UTF8_REFUSAL,
  refusal('no newline', 'malformed', 'the size has no newline behind it'),
  ...without(DECIMAL_REFUSALS, 'decimal: too long'),
];

/** What `openCosignatures` refuses. */
export const ANSWER_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'an answer has at most 65536 bytes, this one has \\d+'),
  ...without(SIGNATURE_LINES_REFUSALS, 'too long'),
  ...SIGNATURE_REFUSALS,
];
