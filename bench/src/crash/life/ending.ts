import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from '../../server/server-process.ts';
import type { Ledger } from '../judge/ledger.ts';

/** Share of ends that begin with SIGTERM. */
const TERMINATED = 0.3;
/** Shutdown takes a few dozen milliseconds: about every second SIGKILL comes in the middle of it. */
const SHUTDOWN_MS = 80;

/** What a server was doing when SIGKILL came; or that it came too late. */
export type End = 'killed under load' | 'killed while shutting down' | 'shut down before the kill';

/**
 * Ends a server with SIGKILL, at once or at some moment after SIGTERM. `onEnding` is called before the first signal,
 * `onGone` before SIGKILL.
 */
export async function endServer(
  server: ServerProcess,
  random: () => number,
  on: { readonly ending: () => void; readonly gone: () => void },
  ledger: Ledger,
): Promise<End> {
  const isTerminated = random() < TERMINATED;
  const graceMs = random() * SHUTDOWN_MS;
  on.ending();
  const how = isTerminated ? await server.stop(graceMs) : undefined;
  on.gone();
  await server.kill();
  if (how === undefined) return 'killed under load';
  if (how === 'exit 0') return 'shut down before the kill';
  if (!how.startsWith('killed')) ledger.violate(`SIGTERM ended the server with ${how}:\n${server.output()}`);
  return 'killed while shutting down';
}

/** Waits, unless the server ends by itself, which it may not. */
export async function stayUp(server: ServerProcess, ms: number, ledger: Ledger): Promise<void> {
  const ended = await Promise.race([sleep(ms), server.ended]);
  if (typeof ended === 'string') ledger.violate(`the server ended by itself (${ended}):\n${server.output()}`);
}
