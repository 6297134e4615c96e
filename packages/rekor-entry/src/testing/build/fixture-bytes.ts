import { decodeBase64 } from '@tilewright/core/bytes';
import { FIXTURES, type FixtureName } from '../gen/fixtures.ts';

/** Something a key signed: a digest, or an envelope's payload, and the signature as its library made it. */
export interface SignedBytes {
  readonly input: Uint8Array;
  readonly signature: Uint8Array;
}

/** The SubjectPublicKeyInfo of a fixture's key. */
export function spkiOf(name: FixtureName): Uint8Array {
  return decodeBase64(FIXTURES[name].spki);
}

/** The fixture's signature number `i`. Throws for one that does not exist: make more. */
export function signedBytes(name: FixtureName, i: number): SignedBytes {
  const row = FIXTURES[name].signed[i];
  if (row === undefined) throw new RangeError(`fixture ${name} has no signature ${i}`);
  return { input: decodeBase64(row[0]), signature: decodeBase64(row[1]) };
}
