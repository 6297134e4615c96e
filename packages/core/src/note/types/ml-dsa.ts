import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import { CoreError } from '../../core-error.ts';
import type { SubtreeCosigner, SubtreeVerifier } from '../../cosignature/cosigner.ts';
import { subtreeV1Cosigner, subtreeV1LogSigner, subtreeV1Verifier } from '../../cosignature/subtree-v1.ts';
import { KEY_TYPE } from '../key-id.ts';
import type { KeyedNoteSigner } from '../keyed-signer.ts';
import { requireSameKey, type SigningKey } from '../signing-key.ts';
import { type VerifierKey, verifierKey } from '../verifier-key.ts';

const SEED_SIZE = 32;

/** Draws 32 random bytes for one signature (FIPS 204, section 3.4). */
export type Randomness = () => Uint8Array;

/**
 * Verifier of ML-DSA-44 signatures, type 0x06: of logs, witnesses and mirrors, over checkpoints and subtrees
 * (tlog-cosignature, "ML-DSA-44"; FIPS 204, pure, empty context). Plain JavaScript: for every runtime.
 *
 * @throws CoreError `unknown-key` for a key of another type, `malformed` for key material that has not 1312 bytes.
 */
export function mlDsaNoteVerifier(vkey: VerifierKey): SubtreeVerifier {
  const { key } = verifierKey(vkey.name, vkey.type, vkey.key.slice());
  return subtreeV1Verifier(vkey, (message, signature) => ml_dsa44.verify(signature, message, key));
}

/**
 * Cosigner of type 0x06.
 *
 * @param seed the private key in its short form, 32 bytes (FIPS 204, algorithm 6); copied
 * @param randomness for each signature; without it the same text has the same signature, which FIPS 204 allows where
 *   no fault can be injected
 * @throws CoreError `malformed` for a bad name or seed.
 */
export function mlDsaCosigner(name: string, seed: Uint8Array, randomness?: Randomness): SubtreeCosigner {
  if (seed.length !== SEED_SIZE) throw new CoreError('malformed', `an ML-DSA seed has ${SEED_SIZE} bytes`);
  const { publicKey, secretKey } = ml_dsa44.keygen(seed.slice());
  return subtreeV1Cosigner(verifierKey(name, KEY_TYPE.cosignatureMlDsa44, publicKey), (message) =>
    ml_dsa44.sign(message, secretKey, { extraEntropy: randomness?.() ?? false }),
  );
}

/** The signer of a log's checkpoints with its ML-DSA-44 key, whose name is the origin: type 0x06 with timestamp 0. */
export function mlDsaLogSigner(origin: string, seed: Uint8Array, randomness?: Randomness): KeyedNoteSigner {
  return subtreeV1LogSigner(mlDsaCosigner(origin, seed, randomness));
}

/**
 * The cosigner of a `PRIVATE+KEY+…` text of type 0x06, once parsed; `subtreeV1LogSigner` makes the signer of a log of it.
 *
 * @throws CoreError `unknown-key` for another type, `mismatch` when the key id is not that of the seed's public key.
 */
export function mlDsaCosignerOf(key: SigningKey, randomness?: Randomness): SubtreeCosigner {
  return requireSameKey(key, KEY_TYPE.cosignatureMlDsa44, (name, seed) => mlDsaCosigner(name, seed, randomness));
}
