import { decodeHex, encodeHex } from '../../bytes/hex.ts';
import { concatBytes, equalBytes } from '../../bytes/sequences.ts';
import { CoreError } from '../../core-error.ts';
import { sha256 } from '../../hash/tree-hash.ts';

const TAG = { INTEGER: 0x02, 'BIT STRING': 0x03, SEQUENCE: 0x30 } as const;

/** SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL } (RFC 8017, appendix A.1). */
const RSA_ENCRYPTION = decodeHex('300d06092a864886f70d0101010500');
/** A DigestInfo of SHA-256 up to the digest (RFC 8017, section 9.2, note 1). */
const SHA256_DIGEST_INFO = decodeHex('3031300d060960864801650304020105000420');

const MIN_BITS = 2048;
const MAX_BITS = 4096;
const MAX_EXPONENT = 2n ** 31n - 1n;

/**
 * The check of RSA signatures of one key: PKCS #1 v1.5 with SHA-256 over the message (RFC 8017, section 8.2.2). The
 * whole encoded message is made and compared, so that no parser of it can be lenient. The key is an RSA
 * SubjectPublicKeyInfo in DER with 2048 to 4096 bits and an odd exponent from 3 to 2^31-1.
 *
 * @throws CoreError `unknown-key` for a key of another kind or size, `malformed` for DER that is not canonical.
 */
export function rsaCheck(spki: Uint8Array): (message: Uint8Array, signature: Uint8Array) => boolean {
  const { modulus, exponent } = rsaPublicKey(spki);
  const size = Math.ceil(modulus.toString(2).length / 8);
  return (message, signature) => {
    if (signature.length !== size) return false;
    const value = toBigInt(signature);
    return value < modulus && equalBytes(toBytes(power(value, exponent, modulus), size), encoded(message, size));
  };
}

function encoded(message: Uint8Array, size: number): Uint8Array {
  const info = concatBytes(SHA256_DIGEST_INFO, sha256(message));
  const padding = new Uint8Array(size - info.length - 3).fill(0xff);
  return concatBytes(Uint8Array.of(0, 1), padding, Uint8Array.of(0), info);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

function rsaPublicKey(der: Uint8Array): { readonly modulus: bigint; readonly exponent: bigint } {
  const whole = onlyElement(der, { from: 0, to: der.length }, 'SEQUENCE');
  const algorithm = elementAt(der, whole, 'SEQUENCE');
  if (!equalBytes(der.subarray(whole.from, algorithm.to), RSA_ENCRYPTION)) {
    throw new CoreError('unknown-key', 'the key is not the DER of an RSA key (rsaEncryption)');
  }
  const bits = onlyElement(der, { from: algorithm.to, to: whole.to }, 'BIT STRING');
  if (der[bits.from] !== 0) throw malformed(bits.from, 'a bit string with unused bits');
  const numbers = onlyElement(der, { from: bits.from + 1, to: bits.to }, 'SEQUENCE');
  const first = elementAt(der, numbers, 'INTEGER');
  const second = onlyElement(der, { from: first.to, to: numbers.to }, 'INTEGER');
  const [modulus, exponent] = [unsigned(der, first), unsigned(der, second)];
  const length = modulus.toString(2).length;
  if (length < MIN_BITS || length > MAX_BITS) {
    throw new CoreError('unknown-key', `the RSA key has ${length} bits; ${MIN_BITS} to ${MAX_BITS} are supported`);
  }
  if (modulus % 2n === 0n) throw new CoreError('unknown-key', 'the modulus of the RSA key is even');
  if (exponent < 3n || exponent > MAX_EXPONENT || exponent % 2n === 0n) {
    throw new CoreError('unknown-key', 'the exponent of the RSA key is not odd, or not from 3 to 2^31-1');
  }
  return { modulus, exponent };
}

/** Bytes of the key from `from` up to, without, `to`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The content of the one DER element that fills the range. */
function onlyElement(der: Uint8Array, range: Range, tag: keyof typeof TAG): Range {
  const found = elementAt(der, range, tag);
  if (found.to !== range.to) throw malformed(found.to, 'bytes that follow the last element');
  return found;
}

/** The content of the DER element at the start of the range: lengths in their shortest form, up to two bytes. */
function elementAt(der: Uint8Array, { from, to }: Range, tag: keyof typeof TAG): Range {
  if (to - from < 2 || der[from] !== TAG[tag]) throw malformed(from, `no ${tag}`);
  const [first = 0xff, high = 0, low = 0] = der.subarray(from + 1, to);
  const [head, length] =
    first < 0x80 ? [2, first] : first === 0x81 ? [3, high] : first === 0x82 ? [4, high * 256 + low] : [0, 0];
  if (!(head === 2 || (head === 3 && length >= 0x80) || (head === 4 && length >= 0x100))) {
    throw malformed(from + 1, 'a length that is not in its shortest form, or above 65535');
  }
  if (from + head + length > to) throw malformed(from + 1, 'a length beyond the end');
  return { from: from + head, to: from + head + length };
}

/** A DER INTEGER that is positive and in its shortest form. */
function unsigned(der: Uint8Array, { from, to }: Range): bigint {
  const bytes = der.subarray(from, to);
  const [first = 0x80, second = 0] = bytes;
  if (first >= 0x80) throw malformed(from, 'an integer that is empty or negative');
  if (first === 0 && bytes.length > 1 && second < 0x80) throw malformed(from, 'an integer with zeros before it');
  return toBigInt(bytes);
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${encodeHex(bytes)}`);
}

function toBytes(value: bigint, size: number): Uint8Array {
  return decodeHex(value.toString(16).padStart(2 * size, '0'));
}

function malformed(at: number, what: string): CoreError {
  return new CoreError('malformed', `the key is not the canonical DER of an RSA key: at byte ${at} is ${what}`);
}
