import { decodeBase64, decodeUtf8, encodeBase64 } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { SignerError } from '../signer-error.ts';

/** One block of a PEM file (RFC 7468): its label, header lines of the old encrypted form, and its bytes. */
export interface PemBlock {
  readonly label: string;
  /** True when the block has `Proc-Type`-style headers, which only the pre-PKCS#8 encrypted form has. */
  readonly hasHeaders: boolean;
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
        hasHeaders: open.lines.some((l) => l.includes(':')),
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
 * The DER bytes of a block: canonical base64 of exactly one ASN.1 SEQUENCE.
 * @throws SignerError `malformed`
 */
export function pemDer(block: PemBlock): Uint8Array<ArrayBuffer> {
  let der: Uint8Array<ArrayBuffer>;
  try {
    der = decodeBase64(block.body);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new SignerError('malformed', `the PEM block "${block.label}" is not base64`, { cause });
  }
  requireOneSequence(der, `the PEM block "${block.label}"`);
  return der;
}

/**
 * Checks that `der` is one definite-length SEQUENCE and nothing after it. OpenSSL ignores what follows a key;
 * a key identified by the hash of its bytes must not have a second spelling.
 * @throws SignerError `malformed`
 */
export function requireOneSequence(der: Uint8Array, what: string): void {
  const first = der[1] ?? 0x80;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  let length = first < 0x80 ? first : 0;
  for (const byte of der.subarray(2, 2 + lengthBytes)) length = length * 256 + byte;
  const indefinite = first === 0x80 || lengthBytes > 4;
  if (der[0] !== 0x30 || indefinite || 2 + lengthBytes + length !== der.length) {
    throw new SignerError('malformed', `${what} is not one complete DER SEQUENCE`);
  }
}

/** Writes one PEM block with lines of 64 characters and a final newline (RFC 7468 section 3). */
export function formatPem(label: string, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
