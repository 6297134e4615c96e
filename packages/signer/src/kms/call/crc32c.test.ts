import { decodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from './crc32c.ts';

const ASCENDING = Uint8Array.from({ length: 32 }, (_, i) => i);
const READ_COMMAND =
  '01c00000000000000000000000000000140000000000040000000014000000182800000000000000' + '0200000000000000';

test.each<[string, Uint8Array, number]>([
  ['nothing', new Uint8Array(), 0],
  ['the check string', encodeUtf8('123456789'), 0xe3069283],
  ['RFC 3720 B.4: 32 bytes of zeroes', new Uint8Array(32), 0x8a9136aa],
  ['RFC 3720 B.4: 32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['RFC 3720 B.4: 32 bytes incrementing', ASCENDING, 0x46dd794e],
  ['RFC 3720 B.4: 32 bytes decrementing', ASCENDING.toReversed(), 0x113fdb5c],
  ['RFC 3720 B.4: a SCSI Read command', decodeHex(READ_COMMAND), 0xd9963a56],
])('%s', (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

test('equals the division of polynomials, bit by bit', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => crc32c(bytes) === byDivision(bytes)));
});

// The remainder of the message, bits of each byte reversed, times x^32, by the polynomial as it is written.
function byDivision(bytes: Uint8Array): number {
  const bits = [...bytes].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => Math.floor(byte / 2 ** bit) % 2));
  const divisor = [...(0x11edc6f41).toString(2)].map(Number);
  const work = [...bits, ...Array.from({ length: 32 }, () => 0)].map((bit, i) => (i < 32 ? 1 - bit : bit));
  for (let i = 0; i < bits.length; i++) {
    if (work[i] === 0) continue;
    for (const [j, bit] of divisor.entries()) work[i + j] = ((work[i + j] ?? 0) + bit) % 2;
  }
  const remainder = bits.length === 0 ? work.slice(0, 32) : work.slice(-32);
  return remainder.reduce((sum, bit, i) => sum + (1 - bit) * 2 ** i, 0);
}
