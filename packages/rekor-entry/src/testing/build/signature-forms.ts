import { concatBytes } from '@tilewright/core/bytes';
import { DerReader, Tag } from '../../der/der-reader.ts';
import { readInteger } from '../../der/der-values.ts';
import { derElement, derUnsigned } from '../../der/der-writer.ts';
import type { EcdsaCurve } from '../../keys/public-key.ts';

// SP 800-186, 3.2.1: the order of each group.
const ORDERS: Readonly<Record<EcdsaCurve, bigint>> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384': 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521': 2n ** 521n - 0x5ae79787c40d069948033feb708f65a2fc44a36477663b851449048e16ec79bf7n,
};

/** The group order of a curve. */
export function orderOf(curve: EcdsaCurve): bigint {
  return ORDERS[curve];
}

/** The two numbers of an ECDSA signature. */
export interface Numbers {
  readonly r: bigint;
  readonly s: bigint;
}

/** The numbers of a DER signature. */
export function numbersOf(der: Uint8Array): Numbers {
  const pair = new DerReader(der).read(Tag.sequence, 'signature');
  return { r: toBigInt(readInteger(pair, 'r')), s: toBigInt(readInteger(pair, 's')) };
}

/** The DER signature of two numbers, neither below zero. */
export function derOf({ r, s }: Numbers): Uint8Array {
  return derElement(Tag.sequence, derUnsigned(toBytes(r)), derUnsigned(toBytes(s)));
}

/** r and s side by side, each in `size` bytes. */
export function p1363Of({ r, s }: Numbers, size: number): Uint8Array {
  return concatBytes(padded(toBytes(r), size), padded(toBytes(s), size));
}

/** The signature whose s is the other of the two that verify. */
export function flipped({ r, s }: Numbers, curve: EcdsaCurve): Numbers {
  return { r, s: ORDERS[curve] - s };
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  return concatBytes(new Uint8Array(size - bytes.length), bytes);
}

function toBigInt(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

/** Big-endian, at least one byte, no leading zeros. */
export function toBytes(value: bigint): Uint8Array {
  const bytes = [Number(value % 256n)];
  for (let rest = value / 256n; rest > 0n; rest /= 256n) bytes.unshift(Number(rest % 256n));
  return Uint8Array.from(bytes);
}
