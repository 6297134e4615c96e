export { type Adoption, adoptPosixLog } from './directory/adopt.ts';
export type { LogIdentity, StoredIdentity } from './directory/identity.ts';
export type { DirectoryKind } from './directory/survey.ts';
export type { Fs, FsFile, FsLock, FsOpenMode, FsStat } from './fs/fs.ts';
export { nodeFs } from './fs/node-fs.ts';
export { SYNC_PURPOSES, type SyncPurpose } from './fs/sync-purpose.ts';
export { inspectPosixDirectory, type PosixInspection, type PosixStateFacts } from './inspect-posix-directory.ts';
export { openPosixReader, type PosixReader } from './open-posix-reader.ts';
export { openPosixStore } from './open-posix-store.ts';
export { PosixError, type PosixErrorCode, type PosixErrorDetail } from './posix-error.ts';
export {
  DEFAULT_POSIX_LIMITS,
  type MigrationMark,
  type PosixLimits,
  type PosixOptions,
  type PosixRecovery,
  type PosixStore,
} from './posix-options.ts';
export type { Repair } from './recovery/reconcile.ts';
export type { RetentionLimits } from './segment/retention.ts';
