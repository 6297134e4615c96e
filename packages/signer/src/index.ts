export { readPrivateKeyFile } from './files/read-private-key.ts';
export { fileKekUri, newFileKek } from './kek/file-kek.ts';
export type { KeyEncryptionKey } from './kek/key-encryption-key.ts';
export { openKek } from './kek/open-kek.ts';
export { generateEd25519KeyPem, generateMlDsa44KeyPem } from './keys/generate-key.ts';
export { privateKeyFromSeed } from './keys/private-seed.ts';
export { localSigningKey, type SigningKey } from './keys/signing-key.ts';
export { DEFAULT_KMS_OPTIONS, type KmsOptions } from './kms/kms-options.ts';
export { additionalSigner } from './load/additional-signer.ts';
export { loadSigner, type SignerSource } from './load/load-signer.ts';
export { loadSignerFile } from './load/load-signer-file.ts';
export { type LogKey, logKeyOf } from './notes/log-key.ts';
export type { LogVerifier } from './notes/log-verifier.ts';
export {
  cosignerFromSkey,
  cosignerOf,
  noteSignerFromSkey,
  noteSignerOf,
  subtreeCosignerOf,
} from './notes/note-signer.ts';
export { cosignatureVerifierOf, noteVerifierOf, subtreeVerifierOf, treeHeadVerifierOf } from './notes/note-verifier.ts';
export { noteVerifierFromPublicKey, noteVerifierFromVkey } from './notes/public-verifier.ts';
export { SignerError, type SignerErrorCode } from './signer-error.ts';
export { keyTypeOf, shortType } from './tink/keys/private-key.ts';
export {
  cleartextKeyset,
  encryptKeyset,
  type KeysetFile,
  type KeysetFormat,
  openKeyset,
  parseKeysetFile,
  primaryEntry,
  primaryKey,
  readKeyset,
} from './tink/keyset.ts';
export {
  clearKeyset,
  type KeyData,
  type KeyInfo,
  type Keyset,
  type KeysetInfo,
  type KeysetKey,
  keysetInfoOf,
} from './tink/keyset-model.ts';
export { KEYSET_TEMPLATES, type KeysetTemplate, newKeyset, withNewPrimary } from './tink/new-keyset.ts';
