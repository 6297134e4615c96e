import type { RoundSample } from '../../soak/memory/measure.ts';
import type { HostFacts } from '../report/host-facts.ts';

/** One fault that was injected. */
export interface FaultRecord {
  readonly kind: string;
  /** Since the run began. */
  readonly atSeconds: number;
  /** From the injection until it was taken back. */
  readonly heldMs: number;
  /** From then, or from the start of the next server, until the log was ready. */
  readonly backMs: number;
  /** What was done exactly, and what shows that it took effect. */
  readonly note: string;
}

/** What the server held while nobody used it, between faults. */
export interface WindowRecord extends RoundSample {
  /** Which server of the run: only windows of one process are compared. */
  readonly life: number;
  readonly entries: number;
}

type Counts = Readonly<Record<string, number>>;

/** One run, as it is kept in the state directory. */
export interface RunRecord {
  readonly run: number;
  readonly seed: number;
  readonly date: string;
  readonly minutes: number;
  readonly seconds: number;
  readonly isInterrupted: boolean;
  /** In the log at the end, and indexes that were answered since the log began. */
  readonly entries: number;
  readonly acknowledged: number;
  readonly checkpoints: number;
  readonly paths: number;
  readonly answers: Counts;
  readonly duplicates: Counts;
  readonly badRequests: Counts;
  readonly malformed: Counts;
  readonly brokenOff: Counts;
  readonly reads: Counts;
  readonly ends: Counts;
  readonly checks: Counts;
  readonly faults: readonly FaultRecord[];
  /** Kinds of faults that could not be injected here, and why. */
  readonly notInjected: Readonly<Record<string, string>>;
  /** From the start of each server until it was ready. */
  readonly restartsMs: readonly number[];
  readonly windows: readonly WindowRecord[];
  readonly host: HostFacts;
  readonly findings: readonly string[];
}
