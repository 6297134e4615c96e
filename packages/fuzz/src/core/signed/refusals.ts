import { DECIMAL64_REFUSALS, UTF8_REFUSAL } from '../bytes/refusals.ts';
import { NAME_REFUSAL } from '../keys/refusals.ts';
import { inPart, type Refusal, refusal, without } from '../kit/refusal.ts';

/** What `parseTimestampedSignature` refuses. */
export const COSIGNATURE_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'a cosignature has at most 1048576 bytes'),
  refusal('too short', 'malformed', 'a cosignature holds a timestamp of 8 bytes and a signature'),
  refusal('timestamp', 'malformed', 'the timestamp of a cosignature is above 2\\^63-1'),
];

/** What `parseCosignatureV1Message` refuses. */
export const COSIGNATURE_V1_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'the message of a cosignature has at most 1048576 bytes of text'),
  refusal('head', 'malformed', 'the message does not start with the lines "cosignature/v1" and "time <decimal>"'),
  UTF8_REFUSAL,
  // The head has room for no more than 19 digits.
  ...inPart('time', 'line 2: ', without(DECIMAL64_REFUSALS, 'decimal: too long')),
];

/** What `parseSubtreeV1Message` refuses. */
export const SUBTREE_V1_REFUSALS: readonly Refusal[] = [
  ...['label', 'cosigner', 'timestamp', 'origin', 'start', 'end', 'hash'].map((part) =>
    refusal(`cut short before the ${part}`, 'malformed', `the message ends before its ${part}, at byte \\d+`),
  ),
  refusal('label', 'malformed', 'the message does not start with the label of subtree/v1'),
  ...['cosigner', 'origin'].flatMap((part) => inPart(part, `the ${part}, before byte \\d+: `, [UTF8_REFUSAL])),
  ...['timestamp', 'start', 'end'].map((part) =>
    refusal(`${part} above 2^63-1`, 'malformed', `the ${part} before byte \\d+ is above 2\\^63-1`),
  ),
  refusal('bytes left over', 'malformed', 'the message goes on after its hash, at byte \\d+'),
  ...inPart('cosigner', 'the cosigner in the message: ', [NAME_REFUSAL]),
  refusal('origin', 'malformed', 'the origin in the message: an origin has 1 to 255 bytes and no control characters'),
  refusal('a range backwards', 'malformed', 'the range in the message ends before it starts'),
  refusal('a time where none may be', 'malformed', 'the message has a timestamp, although .* no checkpoint'),
  refusal('end above 2^53-1', 'size-unsupported', '\\d{16,19} is above 2\\^53-1'),
  refusal('no subtree', 'malformed', 'the range in the message is no subtree'),
];

/** What `parseTreeHeadSignature` refuses. */
export const TREE_HEAD_REFUSALS: readonly Refusal[] = [
  refusal('too short', 'malformed', 'a tree head signature has at least 12 bytes'),
  refusal('timestamp', 'malformed', 'the timestamp of a tree head is above 2\\^63-1'),
  refusal('hash', 'malformed', 'byte 8 of the tree head signature does not say SHA-256'),
  refusal('algorithm', 'malformed', 'byte 9 of the tree head signature says neither ECDSA nor RSA'),
  refusal('length', 'malformed', 'the length in a tree head signature is not that of what follows it'),
];
