import { encodeBase64 } from '@tilewright/core/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SignerError } from '../signer-error.ts';
import { cleartextKeyset, primaryKey, readKeyset } from './keyset.ts';
import { KEY_MATERIAL, KEY_STATUS, type Keyset, OUTPUT_PREFIX } from './keyset-model.ts';
import { newKeyset, withNewPrimary } from './new-keyset.ts';

const namesOf = <T extends string>(names: Readonly<Record<T, number>>) =>
  fc.constantFrom(...(Object.keys(names) as T[]));

const anyKeyset: fc.Arbitrary<Keyset> = fc.record({
  primaryKeyId: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  keys: fc.array(
    fc.record({
      id: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      status: namesOf(KEY_STATUS),
      prefix: namesOf(OUTPUT_PREFIX),
      data: fc.option(
        fc.record({
          typeUrl: fc.string({ unit: 'grapheme' }),
          material: namesOf(KEY_MATERIAL),
          value: fc.uint8Array(),
        }),
        { nil: undefined },
      ),
    }),
    { maxLength: 5 },
  ),
});

const plain = ({ primaryKeyId, keys }: Keyset) => ({
  primaryKeyId,
  keys: keys.map(({ data, ...key }) => ({ ...key, data: data && { ...data, value: encodeBase64(data.value) } })),
});

test('any keyset comes back from JSON and, with a primary key, from binary', async () => {
  await fc.assert(
    fc.asyncProperty(anyKeyset, async (keyset) => {
      expect(plain(await readKeyset(cleartextKeyset(keyset, 'json')))).toEqual(plain(keyset));
      // Without a primary key nothing in a binary file tells a keyset from an encrypted one.
      if (keyset.primaryKeyId === 0) return;
      expect(plain(await readKeyset(cleartextKeyset(keyset, 'binary')))).toEqual(plain(keyset));
    }),
    { numRuns: 300 },
  );
});

/** Reads and signs with whatever comes: a SignerError, or a key that works. */
async function outcome(file: Uint8Array): Promise<string> {
  try {
    const keyset = await readKeyset(file);
    await primaryKey(keyset).sign(new Uint8Array(3));
    return 'works';
  } catch (error) {
    if (error instanceof SignerError) return error.code;
    throw error;
  }
}

const KEYSETS: readonly [string, Keyset][] = [
  ['Ed25519', newKeyset('ED25519')],
  ['P-256', newKeyset('ECDSA_P256')],
  ['two keys', withNewPrimary(newKeyset('ECDSA_P256'), 'ED25519')],
];

test.each(KEYSETS)('every truncation of a binary keyset (%s) is refused', async (_, keyset) => {
  const file = cleartextKeyset(keyset, 'binary');
  for (let size = 0; size < file.length; size++) {
    expect([size, await outcome(file.subarray(0, size))]).not.toEqual([size, 'works']);
  }
});

test.each(KEYSETS)(
  'every change of a byte in a binary keyset (%s) is refused, or leaves a key that works',
  async (_, keyset) => {
    const file = cleartextKeyset(keyset, 'binary');
    const seen = new Set<string>();
    for (const [at, byte] of file.entries()) {
      for (const change of [1, 0x80, 0xff, byte]) seen.add(await outcome(file.with(at, byte ^ change)));
    }
    expect(seen).toContain('keyset-malformed');
    expect(seen).toContain('key-mismatch');
    expect(seen).toContain('keyset-no-primary');
    expect(seen).toContain('keyset-unknown-type');
  },
);

test('random bytes are a keyset for nobody', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (file) => {
      expect(await outcome(file)).not.toBe('works');
    }),
    { numRuns: 500 },
  );
});
