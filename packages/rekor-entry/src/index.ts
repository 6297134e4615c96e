export {
  dsseBody,
  hashedrekordBody,
  type LeafDigest,
  type LeafSignature,
  type LeafVerifier,
} from './body/canonical-body.ts';
export { type BundleFacts, leafBodyFor, usualKeyDetails } from './body/leaf-body-for.ts';
export { preAuthEncoding } from './dsse/pre-auth-encoding.ts';
export { EntryError, type EntryErrorCode } from './entry-error.ts';
export type { EntryRequest, EntryRules, PreparedEntry, RefusedEntry } from './entry-types.ts';
export type { KeyDetailsName } from './keys/algorithms.ts';
export { parsePublicKey } from './keys/parse-public-key.ts';
export { checkAlgorithmFlags, PERMITTED_ALGORITHMS } from './keys/permitted-algorithms.ts';
export type {
  EcdsaCurve,
  EcdsaPublicKey,
  Ed25519PublicKey,
  OtherPublicKey,
  PublicKeyInfo,
  RsaPublicKey,
} from './keys/public-key.ts';
export { prepareEntry } from './prepare-entry.ts';
export type { HashName, SignedInput, VerifySignature } from './signature/verify-signature.ts';
export { parseCertificateKey } from './x509/parse-certificate.ts';
