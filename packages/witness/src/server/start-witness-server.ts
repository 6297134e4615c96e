import type { WitnessError } from '../witness-error.ts';
import { DEFAULT_LISTENER_LIMITS, type ListenAddress, type ListenerLimits, listen } from './http/listener.ts';
import { RequestCounts } from './http/request-counts.ts';
import { witnessHandler } from './http/witness-handler.ts';
import type { KnownLogs } from './known-logs.ts';
import { Witness, type WitnessOptions } from './witness/witness.ts';

/** What a witness server is made of. */
export interface WitnessServerOptions extends WitnessOptions {
  readonly address: ListenAddress;
  /** Before `/add-checkpoint`: empty, or a path without a last slash. */
  readonly prefix: string;
  readonly limits?: ListenerLimits;
}

/** A witness that listens. */
export interface RunningWitness {
  readonly port: number;
  /** Resolves when the state cannot be used any more: close it, and open the state again. */
  readonly failed: Promise<WitnessError>;
  /** From the next request on these logs are known. */
  setLogs(logs: KnownLogs): void;
  /** Answers what is under way for up to `graceMs`, closes every connection, then the state. */
  close(graceMs: number): Promise<void>;
}

/** Starts a witness (tlog-witness). It owns the state from now on. @throws WitnessError; then the state is closed */
export async function startWitnessServer(options: WitnessServerOptions): Promise<RunningWitness> {
  const { address, prefix, state, limits = DEFAULT_LISTENER_LIMITS } = options;
  try {
    const witness = new Witness(options);
    const handler = witnessHandler({ witness, prefix, counts: new RequestCounts() });
    const { port, close } = await listen(handler, address, limits);
    return {
      port,
      failed: witness.failed,
      setLogs: (logs) => witness.setLogs(logs),
      close: async (graceMs) => {
        await close(graceMs);
        state.close();
      },
    };
  } catch (error) {
    state.close();
    throw error;
  }
}
