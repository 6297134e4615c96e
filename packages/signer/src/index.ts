export { generateEd25519KeyPem, generateMlDsa44KeyPem } from './generate-key.ts';
export { type LogKey, loadSignerFile } from './load-signer-file.ts';
export type { LogVerifier } from './log-verifier.ts';
export { cosignerFromSkey, cosignerOf, noteSignerFromSkey, noteSignerOf, subtreeCosignerOf } from './note-signer.ts';
export { cosignatureVerifierOf, noteVerifierOf, subtreeVerifierOf, treeHeadVerifierOf } from './note-verifier.ts';
export { noteVerifierFromPublicKey, noteVerifierFromVkey } from './public-verifier.ts';
export { privateKeyFromSeed, readPrivateKeyFile } from './read-private-key.ts';
export { SignerError, type SignerErrorCode } from './signer-error.ts';
