export { generateEd25519KeyPem, generateMlDsa44KeyPem } from './keys/generate-key.ts';
export { type LogKey, loadSignerFile } from './load/load-signer-file.ts';
export type { LogVerifier } from './notes/log-verifier.ts';
export { cosignerFromSkey, cosignerOf, noteSignerFromSkey, noteSignerOf, subtreeCosignerOf } from './notes/note-signer.ts';
export { cosignatureVerifierOf, noteVerifierOf, subtreeVerifierOf, treeHeadVerifierOf } from './notes/note-verifier.ts';
export { noteVerifierFromPublicKey, noteVerifierFromVkey } from './notes/public-verifier.ts';
export { privateKeyFromSeed, readPrivateKeyFile } from './files/read-private-key.ts';
export { SignerError, type SignerErrorCode } from './signer-error.ts';
