export type { Checkpoint } from './checkpoint.ts';
export { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
export { frozenLine, frozenLineOf } from './frozen-line.ts';
export type { OpenedCheckpoint } from './open-checkpoint.ts';
export { openCheckpoint } from './open-checkpoint.ts';
