export { cosignCheckpoint, signerAt } from './cosign-checkpoint.ts';
export type { CosignatureV1Message } from './cosignature-v1.ts';
export {
  cosignatureV1Cosigner,
  cosignatureV1Message,
  cosignatureV1Verifier,
  parseCosignatureV1Message,
} from './cosignature-v1.ts';
export type {
  CosignatureVerifier,
  Cosigner,
  LogSubtree,
  SignMessage,
  SubtreeCosigner,
  SubtreeVerifier,
  VerifyMessage,
} from './cosigner.ts';
export { subtreeV1Cosigner, subtreeV1LogSigner, subtreeV1Verifier } from './subtree-v1.ts';
export type { SubtreeV1Message } from './subtree-v1-message.ts';
export { parseSubtreeV1Message, subtreeV1Message } from './subtree-v1-message.ts';
export type { TimestampedSignature } from './timestamped-signature.ts';
export { formatTimestampedSignature, parseTimestampedSignature } from './timestamped-signature.ts';
