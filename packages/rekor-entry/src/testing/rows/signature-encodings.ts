import { concatBytes } from '@tilewright/core/bytes';
import { contextTag, Tag } from '../../der/der-reader.ts';
import { derElement, derUnsigned } from '../../der/der-writer.ts';
import { hashedRekordRequest } from '../build/request-forms.ts';
import { derOf, flipped, type Numbers, numbersOf, orderOf, p1363Of, toBytes } from '../build/signature-forms.ts';
import { acceptedDigest, type SignedDigest, signedDigest } from '../build/signed-digest.ts';
import { type RequestRow, refused } from '../request-row.ts';
import type { SignatureSupply } from './signature-supply.ts';

/** ECDSA signatures in the encodings that are taken: strict DER, r and s side by side, s in either half. */
export function goodEncodingRows(supply: SignatureSupply): RequestRow[] {
  const changed = (change: (numbers: Numbers) => Uint8Array, parts = supply.key()): SignedDigest => {
    return { ...parts, content: change(numbersOf(parts.content)) };
  };
  return [
    acceptedDigest(
      'P1363, 32-byte halves',
      changed((numbers) => p1363Of(numbers, 32)),
    ),
    acceptedDigest(
      'P1363, halves padded to 48 bytes',
      changed((numbers) => p1363Of(numbers, 48)),
    ),
    acceptedDigest(
      'P1363, halves padded to 66 bytes',
      changed((numbers) => p1363Of(numbers, 66)),
    ),
    acceptedDigest(
      'DER with the other s',
      changed((numbers) => derOf(flipped(numbers, 'P-256'))),
    ),
    acceptedDigest(
      'P1363 with the other s',
      changed((numbers) => p1363Of(flipped(numbers, 'P-256'), 32)),
    ),
    acceptedDigest(
      'P1363 of P-384',
      changed((numbers) => p1363Of(numbers, 48), supply.key('p384')),
    ),
    acceptedDigest(
      'P1363 of P-521',
      changed((numbers) => p1363Of(numbers, 66), supply.key('p521')),
    ),
    acceptedDigest(
      'DER of P-521 with the other s',
      changed((numbers) => derOf(flipped(numbers, 'P-521')), supply.key('p521')),
    ),
  ];
}

/** ECDSA signatures in encodings that are refused, though the numbers in most of them would verify. */
export function badEncodingRows(): RequestRow[] {
  const parts = signedDigest('p256', 0);
  const numbers = numbersOf(parts.content);
  const r = derUnsigned(toBytes(numbers.r));
  const s = derUnsigned(toBytes(numbers.s));
  const zero = Uint8Array.of(0);
  const sequence = (...content: Uint8Array[]) => derElement(Tag.sequence, ...content);
  const contentOf = (element: Uint8Array) => element.subarray(2);
  const refuse = (name: string, content: Uint8Array) =>
    refused(`signature: ${name}`, hashedRekordRequest({ ...parts, content }), 'bad-signature');
  return [
    refuse('one byte', zero),
    refuse('P1363 of odd length', concatBytes(p1363Of(numbers, 32), zero)),
    refuse('P1363, halves of 67 bytes', p1363Of(numbers, 67)),
    refuse('P1363, r and s swapped', p1363Of({ r: numbers.s, s: numbers.r }, 32)),
    refuse('P1363 of zeros', new Uint8Array(64)),
    refuse('P1363, r zero', p1363Of({ ...numbers, r: 0n }, 32)),
    refuse('P1363, s zero', p1363Of({ ...numbers, s: 0n }, 32)),
    refuse('DER, r zero', derOf({ ...numbers, r: 0n })),
    refuse('DER, s zero', derOf({ ...numbers, s: 0n })),
    refuse('DER, s plus the order', derOf({ ...numbers, s: numbers.s + orderOf('P-256') })),
    refuse('DER, r plus the order', derOf({ ...numbers, r: numbers.r + orderOf('P-256') })),
    refuse('DER, s the order', derOf({ ...numbers, s: orderOf('P-256') })),
    refuse('DER, byte behind the sequence', concatBytes(sequence(r, s), zero)),
    refuse('DER, element behind s', sequence(r, s, derUnsigned(zero))),
    refuse('DER, byte behind s', sequence(r, s, zero)),
    refuse('DER, length in long form', concatBytes(Uint8Array.of(0x30, 0x81, r.length + s.length), r, s)),
    refuse('DER, indefinite length', concatBytes(Uint8Array.of(0x30, 0x80), r, s, new Uint8Array(2))),
    refuse('DER, r not minimal', sequence(derElement(Tag.integer, zero, zero, contentOf(r)), s)),
    refuse('DER, r negative', sequence(derElement(Tag.integer, Uint8Array.of(0xff), contentOf(r)), s)),
    refuse('DER, s negative', sequence(r, derElement(Tag.integer, Uint8Array.of(0x80), contentOf(s)))),
    refuse('DER, only r', sequence(r)),
    refuse('DER, empty sequence', sequence()),
    refuse('DER, empty integers', sequence(derElement(Tag.integer), derElement(Tag.integer))),
    refuse('DER, octet strings for integers', sequence(derElement(Tag.octetString, contentOf(r)), s)),
    refuse('DER, a set for the sequence', derElement(Tag.set, r, s)),
    refuse('DER, a context tag for the sequence', derElement(contextTag(0), r, s)),
    refuse('DER cut short', sequence(r, s).subarray(0, -1)),
  ];
}
