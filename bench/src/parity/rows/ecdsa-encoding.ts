import { sequence, unsignedInteger } from '../../requests/der.ts';

/** The order of P-256's base point (FIPS 186-5, SP 800-186). */
export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** R and S of a DER signature whose lengths fit one byte. */
export function halves(der: Uint8Array): { readonly r: bigint; readonly s: bigint } {
  const rLength = der[3] ?? 0;
  const at = 4 + rLength + 2;
  return { r: toBigInt(der.subarray(4, 4 + rLength)), s: toBigInt(der.subarray(at, at + (der[at - 1] ?? 0))) };
}

/** SEQUENCE of two INTEGERs, minimal DER. */
export function integerPair(r: bigint, s: bigint): Buffer {
  return sequence(unsignedInteger(toBytes(r)), unsignedInteger(toBytes(s)));
}

/** Big-endian bytes, at least one. */
export function toBytes(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
