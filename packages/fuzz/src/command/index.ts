export { runThread } from './fuzz-thread.ts';
export type { FuzzOptions } from './options.ts';
export { readOptions, UsageError } from './options.ts';
export { describeReports, faultsOf } from './report.ts';
export { runCommand } from './run-command.ts';
export { supervise } from './supervise.ts';
