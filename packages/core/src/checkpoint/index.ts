export type { Checkpoint } from './checkpoint.ts';
export { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
export type { OpenedCheckpoint } from './open-checkpoint.ts';
export { openCheckpoint } from './open-checkpoint.ts';
