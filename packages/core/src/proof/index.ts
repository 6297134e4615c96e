export type { TlogProof } from './tlog-proof.ts';
export { formatTlogProof, parseTlogProof } from './tlog-proof.ts';
export type { VerifiedEntry } from './verify-tlog-proof.ts';
export { verifyTlogProof } from './verify-tlog-proof.ts';
