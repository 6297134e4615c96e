import type { EntryRules, RefusedEntry } from '@tilewright/rekor-entry';
import type { ToldBackend } from '../verify/ecdsa/told-backend.ts';

/** What a verify worker is started with. */
export interface WorkerSetup {
  readonly rules: EntryRules;
}

/** A worker's first message: it takes work, and how it verifies. */
export interface WorkerReady extends ToldBackend {
  readonly type: 'ready';
}

/** Requests for a worker, one behind the other in `bytes`, which moves to the worker. */
export interface RequestBatch {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Length of each request. */
  readonly lengths: Uint32Array;
  /** 1 for a protobuf message, 0 for JSON. */
  readonly isProto: Uint8Array;
}

/** What became of one request. */
export const Outcome = { refused: 0, hashedrekord: 1, dsse: 2, crashed: 3 } as const;

/** The outcomes of one batch, in its order. Each accepted entry has its 32-byte leaf hash and its body in `bytes`, which moves back. */
export interface ResultBatch {
  readonly type: 'results';
  readonly id: number;
  readonly outcomes: Uint8Array;
  /** Length of each accepted body; 0 otherwise. */
  readonly lengths: Uint32Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One for each 'refused', in order. */
  readonly refusals: readonly RefusedEntry[];
  /** One for each 'crashed', in order: what was thrown. */
  readonly crashes: readonly string[];
}
