import { randomInt } from 'node:crypto';
import { newEcdsaKey } from './keys/ecdsa-key.ts';
import { newEd25519Key } from './keys/ed25519-key.ts';
import type { KeyData, Keyset, KeysetKey } from './keyset-model.ts';

/** Kinds of new keys, by the names that create-tink-keyset has for them. */
export type KeysetTemplate = 'ED25519' | 'ECDSA_P256' | 'ECDSA_P384_SHA384' | 'ECDSA_P521';

const MAKERS: Readonly<Record<KeysetTemplate, () => KeyData>> = {
  ED25519: newEd25519Key,
  ECDSA_P256: () => newEcdsaKey('P-256'),
  ECDSA_P384_SHA384: () => newEcdsaKey('P-384'),
  ECDSA_P521: () => newEcdsaKey('P-521'),
};

/** Their names. */
export const KEYSET_TEMPLATES: readonly KeysetTemplate[] = ['ED25519', 'ECDSA_P256', 'ECDSA_P384_SHA384', 'ECDSA_P521'];

/** A keyset of one new key, which is its primary one. */
export function newKeyset(template: KeysetTemplate): Keyset {
  return withNewPrimary({ primaryKeyId: 0, keys: [] }, template);
}

/** The keyset with one more key, a new one, which is its primary key from then on. The others stay as they are. */
export function withNewPrimary({ keys }: Keyset, template: KeysetTemplate): Keyset {
  const key: KeysetKey = { id: newKeyId(keys), status: 'ENABLED', prefix: 'TINK', data: MAKERS[template]() };
  return { primaryKeyId: key.id, keys: [...keys, key] };
}

function newKeyId(keys: readonly KeysetKey[]): number {
  for (;;) {
    const id = randomInt(1, 2 ** 32);
    if (keys.every((key) => key.id !== id)) return id;
  }
}
