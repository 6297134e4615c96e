import { DerReader, Tag } from '../der/der-reader.ts';
import { isNegative, readInteger } from '../der/der-values.ts';
import { derElement, derUnsigned } from '../der/der-writer.ts';
import { EntryError } from '../entry-error.ts';

const MAX_P1363_SIZE = 132;

/**
 * An ECDSA signature as strict DER, SEQUENCE { r, s } (RFC 3279, 2.2.3), from what a client sent: that, or r and s side
 * by side in halves of any equal size, 132 bytes at most (IEEE P1363). What parses as two integers in a sequence counts
 * as DER and must then be strict. r and s are not compared with the order of a group.
 *
 * @throws EntryError `bad-signature`
 */
export function ecdsaSignatureToDer(signature: Uint8Array): Uint8Array {
  switch (formOf(signature)) {
    case 'strict':
      return signature;
    case 'loose':
      throw new EntryError('bad-signature', 'invalid signature when validating ASN.1 encoded signature');
    case 'other':
      return p1363ToDer(signature);
  }
}

function formOf(signature: Uint8Array): 'strict' | 'loose' | 'other' {
  try {
    const source = new DerReader(signature);
    const pair = source.read(Tag.sequence, 'signature');
    const r = readInteger(pair, 'r');
    const s = readInteger(pair, 's');
    return source.empty && pair.empty && !isNegative(r) && !isNegative(s) ? 'strict' : 'loose';
  } catch (error) {
    if (error instanceof EntryError) return 'other';
    throw error;
  }
}

function p1363ToDer(signature: Uint8Array): Uint8Array {
  const { length } = signature;
  if (length === 0 || length > MAX_P1363_SIZE || length % 2 !== 0) {
    throw new EntryError('bad-signature', 'ecdsa: Invalid IEEE_P1363 encoded bytes');
  }
  const r = signature.subarray(0, length / 2);
  const s = signature.subarray(length / 2);
  return derElement(Tag.sequence, derUnsigned(r), derUnsigned(s));
}
