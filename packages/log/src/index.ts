export type { Log, LogStatus } from './engine/log.ts';
export type { LogDeps } from './engine/log-deps.ts';
export { DEFAULT_LOG_OPTIONS, type LogOptions } from './engine/options.ts';
export type { Backlogs, Expectation } from './intake/intake.ts';
export type { Leaving } from './intake/leaving.ts';
export type { NewEntry, Placement, Publication, Receipt } from './intake/publication.ts';
export { hasCode, LogError, type LogErrorCode, type LogErrorDetail, type PushbackReason } from './log-error.ts';
export { openLog } from './open-log.ts';
export { type ProvenEntry, proveEntry } from './reading/prove-entry.ts';
