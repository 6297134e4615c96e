import { expectCode } from '@tilewright/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryError } from '../entry-error.ts';
import { derOf, p1363Of } from '../testing/build/signature-forms.ts';
import { ecdsaSignatureToDer } from './ecdsa-signature.ts';

const number = fc.bigInt({ min: 0n, max: 2n ** 521n - 1n });
const numbers = fc.record({ r: number, s: number });

test('strict DER stays as it is', () => {
  fc.assert(
    fc.property(numbers, (pair) => {
      const der = derOf(pair);
      expect(ecdsaSignatureToDer(der)).toEqual(der);
    }),
  );
});

test('two halves become the DER of their numbers', () => {
  const sized = fc.tuple(fc.integer({ min: 1, max: 66 }), fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }));
  fc.assert(
    fc.property(sized, ([size, first, second]) => {
      const limit = 256n ** BigInt(size);
      const pair = { r: first % limit, s: second % limit };
      const signature = p1363Of(pair, size);
      // Halves that happen to read as a sequence count as DER.
      if (signature[0] !== 0x30) expect(ecdsaSignatureToDer(signature)).toEqual(derOf(pair));
    }),
  );
});

test('bytes of any kind are refused in words, or become two integers', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 140 }), (bytes) => {
      try {
        expect(ecdsaSignatureToDer(bytes)[0]).toBe(0x30);
      } catch (error) {
        expect(error).toMatchObject({ name: 'EntryError', code: 'bad-signature' });
      }
    }),
  );
});

test.each([0, 1, 3, 65, 131, 133, 134, 200])('%i bytes that are no DER are no signature', (length) => {
  expectCode(() => ecdsaSignatureToDer(new Uint8Array(length).fill(7)), EntryError, 'bad-signature');
});

test.each([2, 4, 64, 132])('%i bytes that are no DER are two halves', (length) => {
  expect(ecdsaSignatureToDer(new Uint8Array(length).fill(7))[0]).toBe(0x30);
});
