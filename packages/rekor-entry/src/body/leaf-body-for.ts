import { EntryError } from '../entry-error.ts';
import { ALGORITHMS, type Algorithm, isKeyFor, type KeyDetailsName } from '../keys/algorithms.ts';
import { parsePublicKey } from '../keys/parse-public-key.ts';
import { PERMITTED_ALGORITHMS } from '../keys/permitted-algorithms.ts';
import { HASHES } from '../signature/hash-names.ts';
import { parseCertificateKey } from '../x509/parse-certificate.ts';
import { hashedrekordBody, type LeafVerifier } from './canonical-body.ts';

/** What a bundle holds about a signature, and a hashedrekord leaf with it. */
export interface BundleFacts {
  /** The digest that was signed: of the artifact, or of a DSSE envelope's pre-authentication encoding. */
  readonly digest: Uint8Array;
  /** The signature as it is in the bundle. */
  readonly signature: Uint8Array;
  /** The key or certificate in DER. */
  readonly verifier: Pick<LeafVerifier, 'kind' | 'rawBytes'>;
  /** How the key is used; derived from the key when absent, as sigstore-go does. */
  readonly keyDetails?: KeyDetailsName;
}

/**
 * The hashedrekord 0.0.2 leaf that a log must hold for a bundle. A client that hashes this, instead of the body that
 * came with the bundle, knows that the log entry is about this signature and nothing else.
 *
 * @throws EntryError `malformed-key`, `unsupported-algorithm`, `digest-length` or `missing-field`
 */
export function leafBodyFor({ digest, signature, verifier, keyDetails }: BundleFacts): Uint8Array<ArrayBuffer> {
  const algorithm = keyDetails === undefined ? usualAlgorithm(verifier) : algorithmNamed(keyDetails);
  if (algorithm?.hash === undefined) {
    throw new EntryError('unsupported-algorithm', 'no hashedrekord entry can be signed with this kind of key');
  }
  const { size, leafName } = HASHES[algorithm.hash];
  if (digest.length !== size) {
    throw new EntryError('digest-length', `the digest has ${digest.length} bytes; ${algorithm.hash} makes ${size}`);
  }
  const leaf = { ...verifier, keyDetails: algorithm.keyDetails };
  return hashedrekordBody({ digest, algorithm: leafName }, { content: signature, verifier: leaf });
}

/** The PublicKeyDetails that a client sends for a key unless told otherwise; undefined when there are none. */
export function usualKeyDetails(verifier: Pick<LeafVerifier, 'kind' | 'rawBytes'>): KeyDetailsName | undefined {
  return usualAlgorithm(verifier)?.keyDetails;
}

function usualAlgorithm({ kind, rawBytes }: Pick<LeafVerifier, 'kind' | 'rawBytes'>): Algorithm | undefined {
  const key = kind === 'publicKey' ? parsePublicKey(rawBytes) : parseCertificateKey(rawBytes);
  if (key.kind === 'other') return undefined;
  return ALGORITHMS.find((algorithm) => isKeyFor(algorithm, key) && PERMITTED_ALGORITHMS.includes(algorithm.flag));
}

function algorithmNamed(keyDetails: KeyDetailsName): Algorithm | undefined {
  return ALGORITHMS.find((algorithm) => algorithm.keyDetails === keyDetails);
}
