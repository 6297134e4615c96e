import { decodeBase64, decodeUtf8 } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { requireOneSequence } from '../keys/der.ts';
import { SignerError } from '../signer-error.ts';

/** One block of a PEM file (RFC 7468): its label, header lines of the old encrypted form, and its bytes. */
export interface PemBlock {
  readonly label: string;
  /** Lines such as `Proc-Type: 4,ENCRYPTED`, which only the encrypted form older than PKCS#8 has. */
  readonly headers: readonly string[];
  /** Text between the markers, without line breaks; still base64. */
  readonly body: string;
}

/** Key files are a few hundred bytes; RSA and certificate files, which are refused by name, a few thousand. */
const MAX_KEY_FILE_BYTES = 65536;

const BEGIN = /^-----BEGIN ([A-Z0-9][A-Z0-9 #.+-]*)-----$/;

/**
 * Reads a key file as text.
 * @throws SignerError `malformed` when it is larger than 64 KiB, `unsupported-key` when it is not text
 */
export function keyFileText(file: string | Uint8Array): string {
  if (file.length > MAX_KEY_FILE_BYTES) {
    throw new SignerError('malformed', `a key file holds at most ${MAX_KEY_FILE_BYTES} bytes, this one ${file.length}`);
  }
  if (typeof file === 'string') return file;
  try {
    return decodeUtf8(file);
  } catch (cause) {
    throw new SignerError('unsupported-key', 'the key file is binary; give it as PEM (-----BEGIN PRIVATE KEY-----)', {
      cause,
    });
  }
}

/**
 * Splits text into its PEM blocks. Text outside the blocks is ignored, as RFC 7468 section 2 allows.
 * @throws SignerError `malformed` when a block does not end
 */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { label: string; lines: string[] } | undefined;
  for (const rawLine of text.split('\n')) {
    const line = rawLine.trimEnd();
    if (open === undefined) {
      const label = BEGIN.exec(line)?.[1];
      if (label !== undefined) open = { label, lines: [] };
    } else if (line === `-----END ${open.label}-----`) {
      blocks.push({
        label: open.label,
        headers: open.lines.filter((l) => l.includes(':')),
        body: open.lines.filter((l) => !l.includes(':')).join(''),
      });
      open = undefined;
    } else {
      open.lines.push(line);
    }
  }
  if (open !== undefined) throw new SignerError('malformed', `the PEM block "${open.label}" has no END line`);
  return blocks;
}

/**
 * The bytes of a block.
 * @throws SignerError `malformed` when it is not canonical base64
 */
export function pemBytes(block: PemBlock): Uint8Array<ArrayBuffer> {
  try {
    return decodeBase64(block.body);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new SignerError('malformed', `the PEM block "${block.label}" is not base64`, { cause });
  }
}

/**
 * The DER bytes of a block: canonical base64 of exactly one ASN.1 SEQUENCE.
 * @throws SignerError `malformed`
 */
export function pemDer(block: PemBlock): Uint8Array<ArrayBuffer> {
  const der = pemBytes(block);
  requireOneSequence(der, `the PEM block "${block.label}"`);
  return der;
}
