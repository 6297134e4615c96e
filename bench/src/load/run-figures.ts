import type { FsyncProbe } from './fsync-probe.ts';

/** How long one run loads the server, and what stands around that. */
export interface RunLength {
  readonly warmUpSeconds: number;
  readonly measuredSeconds: number;
  /** Of the fdatasync probe; two seconds when absent. */
  readonly probeMs?: number;
  /** Between warm-up and measurement under wrk; see `settle`. */
  readonly settleMs?: number;
}

/** What one run of one server came to. `null`: the run cannot say. */
export interface RunFigures {
  /** Accepted entries a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** User and system seconds of the server's process tree for 1,000 accepted entries. */
  readonly cpuPerThousand: number | null;
  /** Microseconds of the first thread of the server's process for an accepted entry. */
  readonly mainThreadMicroseconds: number | null;
  /** Largest resident set of the process tree, from its start to the end of the load. */
  readonly peakMiB: number;
  /** Answers other than those asked for, and exchanges without one. */
  readonly failures: number;
  /** The same by HTTP status, or by what went wrong. */
  readonly failureKinds: Readonly<Record<string, number>>;
  /** Failures by which the server asks the client to come back. */
  readonly pushedBack: number;
  readonly disk: FsyncProbe;
  /** CPU cores that the load kept busy, and those that neither server nor load did. */
  readonly generatorCores: number;
  readonly othersCores: number;
}
