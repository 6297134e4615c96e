export type { AddCheckpointRequest } from './add-checkpoint-request.ts';
export { formatAddCheckpoint, parseAddCheckpoint } from './add-checkpoint-request.ts';
export type { AddCheckpointVerdict, WitnessedLog } from './check-add-checkpoint.ts';
export { checkAddCheckpoint } from './check-add-checkpoint.ts';
export { MAX_PROOF_LINES, MAX_REQUEST_SIZE } from './proof-request.ts';
export type { SignSubtreeRequest, SignSubtreeVerdict } from './sign-subtree.ts';
export { checkSignSubtree, formatSignSubtree, parseSignSubtree } from './sign-subtree.ts';
export { formatLatestSize, openCosignatures, parseLatestSize, SIZE_CONTENT_TYPE } from './witness-answers.ts';
