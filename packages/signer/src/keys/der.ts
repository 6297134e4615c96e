import { SignerError } from '../signer-error.ts';

/** One element of DER (X.690) with a tag of one byte: the tag and what it holds. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** Tags of the universal types that key files are made of. */
export const DER_TAG = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30 } as const;

/** No length of a key file needs more bytes. */
const MAX_LENGTH_BYTES = 4;

/**
 * The elements that follow each other in `der`, none of them looked into.
 * @throws SignerError `malformed`, also for an indefinite length
 */
export function derElements(der: Uint8Array, what: string): DerElement[] {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < der.length) {
    const { tag = 0, start, end } = elementAt(der, at);
    if (end > der.length) throw new SignerError('malformed', `${what} is cut off or damaged`);
    elements.push({ tag, content: der.subarray(start, end) });
    at = end;
  }
  return elements;
}

/**
 * Checks that `der` is one definite-length SEQUENCE and nothing after it. OpenSSL ignores what follows a key;
 * a key identified by the hash of its bytes must not have a second spelling.
 * @throws SignerError `malformed`
 */
export function requireOneSequence(der: Uint8Array, what: string): void {
  const { tag, end } = elementAt(der, 0);
  if (tag === DER_TAG.sequence && end === der.length) return;
  throw new SignerError('malformed', `${what} is not one complete DER SEQUENCE`);
}

/** Where the element at `at` is; it ends at infinity when its length cannot be read. */
function elementAt(der: Uint8Array, at: number): { readonly tag: number | undefined; start: number; end: number } {
  const tag = der[at];
  const first = der[at + 1] ?? 0x80;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  const start = at + 2 + lengthBytes;
  let length = first < 0x80 ? first : 0;
  for (const byte of der.subarray(at + 2, start)) length = length * 256 + byte;
  const indefinite = first === 0x80 || lengthBytes > MAX_LENGTH_BYTES || start > der.length;
  return { tag, start, end: indefinite ? Number.POSITIVE_INFINITY : start + length };
}
