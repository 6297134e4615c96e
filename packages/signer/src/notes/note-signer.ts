import type { KeyObject } from 'node:crypto';
import {
  type Cosigner,
  cosignatureV1Cosigner,
  type SubtreeCosigner,
  subtreeV1Cosigner,
  subtreeV1LogSigner,
} from '@tilewright/core/cosignature';
import { KEY_TYPE, type KeyedNoteSigner, parseSigningKey, type VerifierKey, verifierKey } from '@tilewright/core/note';
import { requireKind } from '../keys/key-kind.ts';
import { privateKeyFromSeed } from '../keys/private-seed.ts';
import { publicKeyOf, rawKey } from '../keys/public-key.ts';
import { signWith } from '../keys/raw-signatures.ts';
import { publicHalf } from '../keys/signing-key.ts';
import { inSignerTerms, SignerError } from '../signer-error.ts';

/**
 * The signer of notes with a private key: Ed25519 makes signatures of type 0x01, ECDSA on P-256, P-384 or P-521 those of
 * type 0x02, ML-DSA-44 those of type 0x06 with timestamp 0, which a log puts beside its other signature: its notes are
 * checkpoints of the origin that is the key's name.
 *
 * @param name name of the key
 * @throws SignerError `unsupported-key`; `malformed` for a bad name; `key-mismatch` for halves that do not belong together
 */
export function noteSignerOf(name: string, privateKey: KeyObject): KeyedNoteSigner {
  const kind = requireKind(privateKey, ['ed25519', 'P-256', 'P-384', 'P-521', 'ml-dsa-44'], 'sign notes');
  if (kind === 'ml-dsa-44') return subtreeV1LogSigner(subtreeCosignerOf(name, privateKey));
  const { spki } = publicKeyOf(publicHalf(privateKey));
  const [type, material] =
    kind === 'ed25519' ? ([KEY_TYPE.ed25519, rawKey(spki, kind)] as const) : ([KEY_TYPE.ecdsa, spki] as const);
  const sign = signWith(privateKey, kind);
  return inSignerTerms(() => {
    const key = verifierKey(name, type, material);
    return { key, name, keyId: key.keyId, sign: async (text) => sign(text) };
  });
}

/**
 * The cosigner of a witness or mirror with a private key: Ed25519 makes cosignatures of type 0x04, ML-DSA-44 those of
 * type 0x06. The key must sign nothing else.
 *
 * @param name name of the key
 * @throws SignerError `unsupported-key`, `malformed` for a bad name
 */
export function cosignerOf(name: string, privateKey: KeyObject): Cosigner {
  const kind = requireKind(privateKey, ['ed25519', 'ml-dsa-44'], 'cosign checkpoints');
  if (kind === 'ml-dsa-44') return subtreeCosignerOf(name, privateKey);
  const raw = rawKey(publicKeyOf(publicHalf(privateKey)).spki, 'ed25519');
  return inSignerTerms(() =>
    cosignatureV1Cosigner(verifierKey(name, KEY_TYPE.cosignatureEd25519, raw), signWith(privateKey, kind)),
  );
}

/** As {@link cosignerOf}, for an ML-DSA-44 key, which signs subtrees too. @throws SignerError */
export function subtreeCosignerOf(name: string, privateKey: KeyObject): SubtreeCosigner {
  const kind = requireKind(privateKey, ['ml-dsa-44'], 'sign subtrees');
  const raw = rawKey(publicKeyOf(publicHalf(privateKey)).spki, 'ml-dsa-44');
  return inSignerTerms(() =>
    subtreeV1Cosigner(verifierKey(name, KEY_TYPE.cosignatureMlDsa44, raw), signWith(privateKey, kind)),
  );
}

/**
 * The signer of a private key in the form of Go's note package, `PRIVATE+KEY+<name>+<8 hex>+<base64>`, of type 0x01.
 * @throws SignerError `malformed`, also when the key id is not that of the key; `unsupported-key` for another type
 */
export function noteSignerFromSkey(skey: string): KeyedNoteSigner {
  return fromSkey(skey, KEY_TYPE.ed25519, (name, seed) => noteSignerOf(name, privateKeyFromSeed('ed25519', seed)));
}

/**
 * The cosigner of a private key in the same form, of type 0x04 or 0x06.
 * @throws SignerError `malformed`, also when the key id is not that of the key; `unsupported-key` for another type
 */
export function cosignerFromSkey(skey: string): Cosigner {
  const { type } = inSignerTerms(() => parseSigningKey(skey.trim()));
  const [kind, expected] =
    type === KEY_TYPE.cosignatureMlDsa44
      ? (['ml-dsa-44', KEY_TYPE.cosignatureMlDsa44] as const)
      : (['ed25519', KEY_TYPE.cosignatureEd25519] as const);
  return fromSkey(skey, expected, (name, seed) => cosignerOf(name, privateKeyFromSeed(kind, seed)));
}

function fromSkey<T extends { readonly key: VerifierKey }>(
  skey: string,
  expected: number,
  make: (name: string, seed: Uint8Array) => T,
): T {
  const { name, keyId, type, seed } = inSignerTerms(() => parseSigningKey(skey.trim()));
  if (type !== expected) throw new SignerError('unsupported-key', `a signing key of type ${type} does not belong here`);
  const made = make(name, seed);
  if (made.key.keyId === keyId) return made;
  throw new SignerError('malformed', 'the key id of the signing key is not that of its name and public key');
}
