export { type CheckedLog, checkLog, type VisibleLog } from './check-log.ts';
export { realClock, realEntropy, recordEvents } from './real-world.ts';
