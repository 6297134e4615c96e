import { DECIMAL64_REFUSALS, HASH_REFUSALS, SHORT_BASE64_REFUSALS, UTF8_REFUSAL } from '../bytes/refusals.ts';
import { inPart, type Refusal, refusal, without } from '../kit/refusal.ts';

/** What signature lines, with or without a note, are refused for. */
export const SIGNATURE_LINES_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'a note has at most 1048576 bytes, this one has \\d+'),
  refusal('control byte', 'malformed', 'a note has no control bytes but the newline, this one has one at byte \\d+'),
  refusal('no last newline', 'malformed', 'a note and its text end with a newline'),
  UTF8_REFUSAL,
  refusal('too many signatures', 'malformed', 'a note has at most 100 signatures'),
  ...inPart('signature line', 'line \\d+: ', [
    refusal('form', 'malformed', 'a signature line is an em dash, a key name and base64, separated by one space'),
    refusal('too short', 'malformed', 'a signature line holds a key id of four bytes and a signature'),
    ...without(SHORT_BASE64_REFUSALS, 'base64: unused bits'),
  ]),
];

/** What `parseNote` refuses. */
export const NOTE_REFUSALS: readonly Refusal[] = [
  ...SIGNATURE_LINES_REFUSALS,
  refusal('no empty line', 'malformed', 'a note has an empty line between its text and its signatures'),
];

/** What `openNote` refuses besides. */
export const SIGNATURE_REFUSALS: readonly Refusal[] = [
  refusal(
    'bad signature',
    'bad-signature',
    'signature \\d{1,3} names the trusted key "[^"]{1,255}" \\(key id [0-9a-f]{8}\\) and does not verify',
  ),
  refusal('no trusted key', 'unknown-key', 'no trusted key signed this note'),
  refusal('two keys of one name and id', 'mismatch', 'two trusted keys share the name and id of "[^"]{1,255}"'),
];

const ORIGIN_RULE = 'an origin has 1 to 255 bytes and no control characters';

/** What `parseCheckpoint` refuses. */
export const CHECKPOINT_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'a checkpoint has at most 65536 bytes, this one has \\d+'),
  UTF8_REFUSAL,
  refusal('lines', 'malformed', 'a checkpoint has at least three lines, origin, size and root, and a last newline'),
  refusal('origin', 'malformed', `line 1: ${ORIGIN_RULE}`),
  refusal('extension', 'malformed', 'line \\d+: an extension line is not empty and has no control characters'),
  ...inPart('size', 'line 2: ', DECIMAL64_REFUSALS),
  refusal('size above 2^53-1', 'size-unsupported', 'line 2: \\d+ is above 2\\^53-1, the largest size supported here'),
  ...inPart('root', 'line 3: ', HASH_REFUSALS),
];
