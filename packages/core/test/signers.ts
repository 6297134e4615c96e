import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { formatVerifierKey, KEY_TYPE, type NoteSigner, parseVerifierKey, type VerifierKey } from '../src/note/index.ts';

/** A signer on Node's OpenSSL, a second implementation for the portable verifiers, and its public key. */
export interface TestSigner {
  readonly signer: NoteSigner;
  readonly vkey: VerifierKey;
  readonly text: string;
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_ED25519_HEAD = 12;

/** A type 0x01 signer; without a seed, with a new key. */
export function ed25519Signer(name: string, seed?: Uint8Array): TestSigner {
  const key =
    seed === undefined
      ? generateKeyPairSync('ed25519').privateKey
      : createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  return testSigner(name, KEY_TYPE.ed25519, spki(key).subarray(SPKI_ED25519_HEAD), (text) => sign(null, text, key));
}

/** A type 0x02 signer with a new key. */
export function ecdsaSigner(name: string, curve: 'P-256' | 'P-384' | 'P-521'): TestSigner {
  const key = generateKeyPairSync('ec', { namedCurve: curve }).privateKey;
  const hash = { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' }[curve];
  return testSigner(name, KEY_TYPE.ecdsa, spki(key), (text) => sign(hash, text, key));
}

function testSigner(
  name: string,
  type: number,
  key: Uint8Array,
  signText: (text: Uint8Array) => Uint8Array,
): TestSigner {
  const text = formatVerifierKey(name, type, key);
  const vkey = parseVerifierKey(text);
  return { text, vkey, signer: { name, keyId: vkey.keyId, sign: async (bytes) => new Uint8Array(signText(bytes)) } };
}

function spki(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
}
