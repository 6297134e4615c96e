import { decodeHex, encodeHex } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryError } from '../entry-error.ts';
import { DerReader, Tag } from './der-reader.ts';
import { readBitString, readBoolean, readInteger, readOid, rightAligned } from './der-values.ts';
import { derElement, derUnsigned } from './der-writer.ts';

const reader = (hex: string) => new DerReader(decodeHex(hex));
const refused = (work: () => unknown) => expectCode(work, EntryError, 'malformed-key');

test('what is written is read', () => {
  const lengths = fc.constantFrom(0, 1, 127, 128, 255, 256, 65_535, 65_536);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 254 }), lengths, (tag, length) => {
      if (tag % 32 === 31) return;
      const content = new Uint8Array(length).fill(5);
      const source = new DerReader(derElement(tag, content));
      expect(source.read(tag, 'x').rest()).toEqual(content);
      expect(source.empty).toBe(true);
    }),
  );
});

test('unsigned integers of any size come back without leading zeros', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (magnitude) => {
      const integer = readInteger(new DerReader(derUnsigned(magnitude)), 'x');
      expect(BigInt(`0x${encodeHex(integer)}`)).toBe(BigInt(`0x0${encodeHex(magnitude)}`));
    }),
  );
});

// X.690 8.1.2, 8.1.3 and 10.1.
test.each([
  ['nothing', ''],
  ['a tag alone', '30'],
  ['content cut short', '300201'],
  ['an indefinite length', '30800000'],
  ['a length in long form that fits the short one', '30810100'],
  ['a length with a leading zero', `30820080${'00'.repeat(128)}`],
  ['a length of five octets', '30850000000001'],
  ['a length cut short', '3082ff'],
  ['a length beyond the end', '3084ffffffff'],
  ['a tag number in several octets', '3f1f00'],
])('%s is refused', (_, hex) => {
  refused(() => reader(hex).any('x'));
});

test('another tag is refused, or left where it is when it is optional', () => {
  refused(() => reader('0500').read(Tag.sequence, 'x'));
  const source = reader('0500');
  expect(source.optional(Tag.sequence, 'x')).toBeUndefined();
  expect(source.at).toBe(0);
  expect(source.optional(Tag.null, 'x')?.empty).toBe(true);
  expect(source.peek()).toBe(-1);
});

test.each(['0200', '02020000', '0202007f', '0202ff80', '0202ffff', '0301'])('the integer %s is refused', (hex) => {
  refused(() => readInteger(reader(hex), 'x'));
});

test.each(['0100', '010101', '0102ffff'])('the boolean %s is refused', (hex) => {
  refused(() => readBoolean(reader(hex), 'x'));
});

test.each(['0600', '060180', '06022a80', '06032a8001', '060688808080807f'])(
  'the object identifier %s is refused',
  (hex) => {
    refused(() => readOid(reader(hex), 'x'));
  },
);

test('arcs of 31 bits are read', () => {
  expect(encodeHex(readOid(reader('060587ffffff7f'), 'x'))).toBe('87ffffff7f');
  refused(() => readOid(reader('06058880808000'), 'x'));
});

test.each(['0300', '030108', '030101', '03020101', '03020901', '030207'])('the bit string %s is refused', (hex) => {
  refused(() => readBitString(reader(hex), 'x'));
});

test('bits are moved to the right end', () => {
  const bitsOf = (hex: string) => encodeHex(rightAligned(readBitString(reader(hex), 'x')));
  expect(bitsOf('030100')).toBe('');
  expect(bitsOf('030200ff')).toBe('ff');
  expect(bitsOf('0303040ff0')).toBe('00ff');
  expect(bitsOf('030307ff80')).toBe('01ff');
});
