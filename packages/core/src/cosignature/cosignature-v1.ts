import { parseDecimal64 } from '../bytes/decimal.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { CoreError } from '../core-error.ts';
import { KEY_TYPE } from '../note/key-id.ts';
import { NOTE_LIMITS } from '../note/limits.ts';
import { verdict } from '../note/verdict.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { onLine } from '../on-line.ts';
import {
  type CosignatureVerifier,
  type Cosigner,
  requireType,
  type SignMessage,
  signed,
  type VerifyMessage,
} from './cosigner.ts';
import { checkTimestamp, formatTimestampedSignature, parseTimestampedSignature } from './timestamped-signature.ts';

const FORMAT = 'cosignature/v1';
const NEWLINE = 0x0a;
const SIGNATURE_SIZE = 64;
const HEAD = /^cosignature\/v1\ntime ([0-9]+)\n/;
/** Bytes of the longest first two lines: the timestamp has 19 digits. */
const MAX_HEAD_SIZE = 40;

/** What a cosignature of type 0x04 signs. */
export interface CosignatureV1Message {
  /** Seconds since 1970: 0 … 2^63-1. */
  readonly timestamp: bigint;
  /** The text of the checkpoint's note, whole: extension lines too, with the last newline. */
  readonly text: Uint8Array;
}

/**
 * The message under a cosignature of type 0x04: `cosignature/v1`, a line with the time, the text of the note
 * (tlog-cosignature, "Ed25519"). The cosigner's name is not in it.
 *
 * @throws CoreError `out-of-range` for the timestamp.
 */
export function cosignatureV1Message({ timestamp, text }: CosignatureV1Message): Uint8Array<ArrayBuffer> {
  return concatBytes(encodeUtf8(`${FORMAT}\ntime ${checkTimestamp(timestamp)}\n`), text);
}

/**
 * The inverse of {@link cosignatureV1Message}, for a signing service that wants to know what it signs. The text is not
 * looked at. At most 1 MiB of text.
 *
 * @throws CoreError `malformed`
 */
export function parseCosignatureV1Message(message: Uint8Array): CosignatureV1Message {
  if (message.length > NOTE_LIMITS.maxBytes + MAX_HEAD_SIZE) {
    throw new CoreError('malformed', `the message of a cosignature has at most ${NOTE_LIMITS.maxBytes} bytes of text`);
  }
  const size = message.subarray(0, MAX_HEAD_SIZE).indexOf(NEWLINE, FORMAT.length + 1) + 1;
  const lines = HEAD.exec(decodeUtf8(message.subarray(0, size)));
  if (lines === null) {
    throw new CoreError('malformed', `the message does not start with the lines "${FORMAT}" and "time <decimal>"`);
  }
  return { timestamp: onLine(2, () => parseDecimal64(lines[1] ?? '')), text: message.slice(size) };
}

/**
 * Verifier of cosignatures of type 0x04 on the raw check of the key's Ed25519 signatures (tlog-cosignature, "Ed25519").
 * Ready-made: `./note/cosignature` in plain JavaScript, `@tilewright/signer` on node:crypto.
 *
 * @throws CoreError `unknown-key` for a key of another type.
 */
export function cosignatureV1Verifier(key: VerifierKey, verifyMessage: VerifyMessage): CosignatureVerifier {
  requireType(key, KEY_TYPE.cosignatureEd25519, FORMAT);
  const { name, keyId, type } = key;
  const verify = (text: Uint8Array, payload: Uint8Array): boolean =>
    verdict(() => {
      const { timestamp, signature } = parseTimestampedSignature(payload);
      return signature.length === SIGNATURE_SIZE && verifyMessage(cosignatureV1Message({ timestamp, text }), signature);
    });
  return { name, keyId, type, verify };
}

/**
 * Cosigner of type 0x04 on a function that makes the key's Ed25519 signatures.
 *
 * @throws CoreError `unknown-key` for a key of another type.
 */
export function cosignatureV1Cosigner(key: VerifierKey, signMessage: SignMessage): Cosigner {
  requireType(key, KEY_TYPE.cosignatureEd25519, FORMAT);
  return {
    key,
    cosign: async (text, timestamp) => {
      parseCheckpoint(text);
      const message = cosignatureV1Message({ timestamp, text });
      return formatTimestampedSignature({ timestamp, signature: await signed(signMessage, message, SIGNATURE_SIZE) });
    },
  };
}
