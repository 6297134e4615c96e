import { concatBytes, decodeHex } from '@tilewright/core/bytes';
import { hashedRekordRequest } from '../build/request-forms.ts';
import { acceptedDigest, type SignedDigest, signedDigest } from '../build/signed-digest.ts';
import { badWire, type RequestRow, refused, refusedDsse } from '../request-row.ts';
import type { SignatureSupply } from './signature-supply.ts';

/** A length-delimited field. */
function field(number: number, content: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(number * 8 + 2), varint(content.length), content);
}

function varint(value: number): Uint8Array {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push(128 + (rest % 128));
  }
}

const hex = decodeHex;
const key = ({ verifier }: SignedDigest) => field(1, field(1, verifier.publicKey ?? new Uint8Array(0)));
const P256_DETAILS = hex('1805');

/** A request written by hand, each message with something in front of it or behind. */
function written(
  parts: SignedDigest,
  extra: Partial<Record<'top' | 'request' | 'signature' | 'verifier', Uint8Array>>,
) {
  const none = new Uint8Array(0);
  const verifier = concatBytes(key(parts), P256_DETAILS, extra.verifier ?? none);
  const signature = concatBytes(field(1, parts.content), field(2, verifier), extra.signature ?? none);
  const request = concatBytes(field(1, parts.digest), field(2, signature), extra.request ?? none);
  return concatBytes(field(1, request), extra.top ?? none);
}

/** Protobuf in the ways in which it may be written and still is the same message. About the wire only. */
export function wireFormRows(supply: SignatureSupply): RequestRow[] {
  const taken = (name: string, write: (parts: SignedDigest) => Uint8Array, parts = supply.key()) =>
    acceptedDigest(`wire: ${name}`, parts, { wire: write(parts) });
  return [
    taken('unknown fields', (parts) =>
      written(parts, { top: hex('7801'), request: hex('9a0103616263'), verifier: hex('2d00000000') }),
    ),
    taken('an unknown group', (parts) => written(parts, { request: hex('4b0a01004c') })),
    taken('a known field as a varint, skipped', (parts) => written(parts, { request: hex('0805') })),
    taken('key details as bytes, skipped', (parts) => written(parts, { verifier: hex('1a0107') })),
    taken('a digest in front, replaced', (parts) => concatBytes(field(1, field(1, hex('00'))), written(parts, {}))),
    taken('the request in two parts, merged', (parts) => {
      const signature = concatBytes(field(1, parts.content), field(2, concatBytes(key(parts), P256_DETAILS)));
      return concatBytes(field(1, field(1, parts.digest)), field(1, field(2, signature)));
    }),
    taken('another kind of entry in front, replaced', (parts) => concatBytes(field(2, hex('')), written(parts, {}))),
    taken('a certificate in front, replaced', (parts) => {
      const verifier = concatBytes(field(2, field(1, hex('00'))), key(parts), P256_DETAILS);
      const signature = concatBytes(field(1, parts.content), field(2, verifier));
      return field(1, concatBytes(field(1, parts.digest), field(2, signature)));
    }),
    taken('key details in ten bytes', (parts) => written(parts, { verifier: hex('1885808080808080808000') })),
    taken('key details above 32 bits, cut', (parts) => written(parts, { verifier: hex('18858080808001') })),
  ];
}

/** Protobuf that is none, or whose last word is another than its first. */
export function badWireRows(): RequestRow[] {
  const parts = signedDigest('p256', 0);
  const good = hashedRekordRequest(parts).wire;
  const bad = (name: string, wire: Uint8Array, problem = 'proto: cannot parse invalid wire-format data') =>
    badWire(`bad wire: ${name}`, wire, problem);
  const notUtf8 = 'string field contains invalid UTF-8';
  return [
    bad('cut short', good.subarray(0, -1)),
    bad('a tag alone', hex('0a')),
    bad('a length beyond the end', hex('0a05')),
    bad('a length of 2^63', hex('0affffffffffffffff7f')),
    bad('field number 0', concatBytes(good, hex('0200'))),
    bad('wire type 6', concatBytes(good, hex('1e'))),
    bad('wire type 7', concatBytes(good, hex('1f'))),
    bad('a varint of eleven bytes', concatBytes(good, hex('78ffffffffffffffffffff01'))),
    bad('a varint beyond 64 bits', concatBytes(good, hex('78ffffffffffffffffff02'))),
    bad('a group without an end', concatBytes(good, hex('7b'))),
    bad('a group with another end', concatBytes(good, hex('7b8401'))),
    bad('an end without a group', concatBytes(good, hex('7c'))),
    bad('a field number of 2^29', concatBytes(good, hex('808080801000'))),
    bad('invalid UTF-8 in a key id', field(2, field(1, field(3, field(2, hex('ff'))))), notUtf8),
    bad('invalid UTF-8 in a payload type', field(2, field(1, field(2, hex('c3')))), notUtf8),
    refusedDsse('wire: an empty dsse request behind', { wire: concatBytes(good, field(2, hex(''))) }, 'missing-field'),
    refused(
      'wire: key details replaced by 0',
      { wire: written(parts, { verifier: hex('1800') }) },
      'unsupported-algorithm',
    ),
  ];
}
