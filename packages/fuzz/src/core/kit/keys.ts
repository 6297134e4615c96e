import { formatVerifierKey, KEY_TYPE, parseVerifierKey, rsaKeyMaterial, type VerifierKey } from '@tilewright/core/note';
import { ed25519Cosigner } from '@tilewright/core/note/cosignature';
import { ecdsaNoteSigner } from '@tilewright/core/note/ecdsa';
import { ed25519NoteSigner } from '@tilewright/core/note/ed25519';
import { mlDsaCosigner } from '@tilewright/core/note/ml-dsa';
import { treeHeadVerifierKey } from '@tilewright/core/tree-head';
import { join } from '../../mutate/join.ts';
import { FuzzRandom } from '../../random/fuzz-random.ts';

/** One seed for every key of this name: keys are the same in every run. */
export function seedOf(name: string): Uint8Array {
  return new FuzzRandom(0, `key ${name}`, 0).bytes(32);
}

/** SubjectPublicKeyInfo of a key on this curve. */
export function ecdsaSpki(curve: 'P-256' | 'P-384' | 'P-521', name: string): Uint8Array {
  const size = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }[curve];
  const scalar = new Uint8Array(size);
  scalar.set(seedOf(name), size - 32);
  // Below the order of the curve, whatever was drawn.
  scalar.fill(0, size - 32, size - 31);
  return ecdsaNoteSigner(name, curve, scalar).key.key;
}

const RSA_ENCRYPTION = [0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];

/** SubjectPublicKeyInfo of an RSA key: its modulus is an odd number of so many bits; nobody knows its factors. */
export function rsaSpki(bits: number, exponent: number, name: string): Uint8Array {
  const modulus = new FuzzRandom(0, `rsa ${name}`, bits).bytes(Math.ceil(bits / 8));
  const top = 2 ** ((bits - 1) % 8);
  modulus[0] = ((modulus[0] ?? 0) % top) + top;
  modulus[modulus.length - 1] = ((modulus.at(-1) ?? 0) % 128) * 2 + 1;
  const numbers = der(0x30, join(integer(modulus), integer(bigEndian(exponent))));
  return der(0x30, join(Uint8Array.from(RSA_ENCRYPTION), der(3, join(Uint8Array.of(0), numbers))));
}

function integer(bytes: Uint8Array): Uint8Array {
  return der(2, (bytes[0] ?? 0) < 0x80 ? bytes : join(Uint8Array.of(0), bytes));
}

function bigEndian(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes);
}

function der(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, Math.floor(length / 256), length % 256];
  return join(Uint8Array.of(tag, ...size), content);
}

/** A verifier key of every type, of the same name. */
export function keysOf(name: string): readonly VerifierKey[] {
  const seed = seedOf(name);
  const spki = ecdsaSpki('P-256', name);
  return [
    ed25519NoteSigner(name, seed).key,
    parseVerifierKey(formatVerifierKey(name, KEY_TYPE.ecdsa, spki)),
    ed25519Cosigner(name, seed).key,
    treeHeadVerifierKey(name, spki),
    parseVerifierKey(formatVerifierKey(name, KEY_TYPE.rfc6962, spki)),
    mlDsaCosigner(name, seed).key,
    parseVerifierKey(formatVerifierKey(name, KEY_TYPE.named, rsaKeyMaterial(rsaSpki(2048, 65_537, name)))),
  ];
}

/** The text of a verifier key. */
export function vkeyOf({ name, type, key }: VerifierKey): string {
  return formatVerifierKey(name, type, key);
}
