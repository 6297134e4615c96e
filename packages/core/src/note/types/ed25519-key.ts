import { decodeHex, encodeHex } from '../../bytes/hex.ts';
import { equalBytes } from '../../bytes/sequences.ts';
import { CoreError } from '../../core-error.ts';

const P = 2n ** 255n - 19n;
/** The constant of the curve: -121665/121666 (RFC 8032, section 5.1). */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const KEY_SIZE = 32;

/** The y coordinates, as keys write them, of the eight points whose order divides 8. */
const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(decodeHex);

/**
 * Checks that 32 bytes are an Ed25519 public key that only one party can sign for: the canonical encoding of a point of
 * the curve (RFC 8032, section 5.1.3) whose order does not divide 8. Libraries differ in what of this they check; here
 * all verifiers do it once, before they are made.
 *
 * @throws CoreError `malformed`
 */
export function checkEd25519Key(key: Uint8Array): void {
  if (key.length !== KEY_SIZE) throw new CoreError('malformed', `an Ed25519 key has ${KEY_SIZE} bytes`);
  const encodedY = withoutSign(key);
  const y = BigInt(`0x${encodeHex(encodedY.toReversed())}`);
  if (y >= P) throw new CoreError('malformed', 'the key is not canonical: its y is not below 2^255-19');
  if (!isSquare((y * y - 1n) * (D * y * y + 1n))) {
    throw new CoreError('malformed', 'the key is not a point of the Ed25519 curve');
  }
  if (isSmallOrder(key)) {
    throw new CoreError('malformed', 'the Ed25519 key has small order: anyone can sign for it');
  }
}

/** Whether 32 bytes are the canonical encoding of a point whose order divides 8. */
export function isSmallOrder(encoded: Uint8Array): boolean {
  const encodedY = withoutSign(encoded);
  return SMALL_ORDER.some((point) => equalBytes(point, encodedY));
}

/** A point without the bit that says which of its two x it has. */
function withoutSign(encoded: Uint8Array): Uint8Array {
  return encoded.with(KEY_SIZE - 1, (encoded[KEY_SIZE - 1] ?? 0) % 128);
}

/** Whether x² = n has a solution modulo P (Euler's criterion). x² is u/v here, and u·v is a square exactly when u/v is. */
function isSquare(n: bigint): boolean {
  let power = 1n;
  for (const bit of ((P - 1n) / 2n).toString(2)) {
    power = (power * power) % P;
    if (bit === '1') power = (power * n) % P;
  }
  return power !== P - 1n;
}
