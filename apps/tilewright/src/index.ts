export type { ExitStatus } from './cli/exit-status.ts';
export type { Io } from './cli/io.ts';
export { main } from './main.ts';
