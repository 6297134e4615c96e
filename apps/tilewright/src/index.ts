export type { ExitStatus } from './cli/exit-status.ts';
export { main } from './main.ts';
export type { Io } from './terminal/io.ts';
