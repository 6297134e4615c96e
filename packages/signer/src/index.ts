export { generateEd25519KeyPem } from './generate-key.ts';
export { type LogKey, loadSignerFile } from './load-signer-file.ts';
export type { LogVerifier } from './log-verifier.ts';
export { noteVerifierFromPublicKey, noteVerifierFromVkey } from './public-verifier.ts';
export { SignerError, type SignerErrorCode } from './signer-error.ts';
