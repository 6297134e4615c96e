import { hashLibraries } from '../../core/libraries.ts';
import { measure } from '../../core/measure.ts';
import { nodeRowName, nodeRows } from '../../core/rows/hash-rows.ts';
import { ratio } from '../../core/targets.ts';
import type { SuiteName } from '../plan/contestants.ts';
import type { RunFigures, RunLength } from '../run-figures.ts';
import type { Ratios } from './baseline.ts';

/** A row of the short version: one run of the peer, one or two of ours. */
export interface ShortRow {
  readonly suite: SuiteName;
  readonly writers: number;
  readonly peer: string;
  /** Whether the CPU for an entry is compared, beside the rate. */
  readonly hasCpu: boolean;
}

/**
 * At these numbers of writers the peers' rates come from their own clocks (a poll or a batch a second) and not from the
 * machine, so that one run of a peer is enough. CPU for an entry hardly depends on what else the machine does; Tessera
 * takes so little for 64 writers that the kernel's ticks are too coarse for it.
 */
export const SHORT_ROWS: readonly ShortRow[] = [
  { suite: 'rekor', writers: 64, peer: 'peer-best', hasCpu: true },
  { suite: 'rekor', writers: 512, peer: 'peer-best', hasCpu: true },
  { suite: 'raw', writers: 64, peer: 'tessera', hasCpu: false },
];

const PROBE_MS = 300;

/** Ours compiles as it warms up, and has no failures to wait for afterwards. */
export const OUR_LENGTH: RunLength = { warmUpSeconds: 2, measuredSeconds: 4, probeMs: PROBE_MS, settleMs: 300 };
export const PEER_LENGTH: RunLength = { warmUpSeconds: 1, measuredSeconds: 4, probeMs: PROBE_MS };
/** Hammer sends nothing in its first second. */
export const RAW_LENGTH: RunLength = { warmUpSeconds: 2, measuredSeconds: 4, probeMs: PROBE_MS };

/** The ratios of a row; those whose figures are missing are 0, and so have fallen. */
export function ratiosOf(row: ShortRow, ours: RunFigures, peer: RunFigures): Ratios {
  const rate = peer.rate > 0 ? ours.rate / peer.rate : 0;
  const cpu = ours.cpuPerThousand && peer.cpuPerThousand ? peer.cpuPerThousand / ours.cpuPerThousand : 0;
  return { [rateName(row)]: rate, ...(row.hasCpu && { [`${rowName(row)}: CPU an entry`]: cpu }) };
}

/** Name of the ratio of a row's rates. */
export function rateName(row: ShortRow): string {
  return `${rowName(row)}: entries/s`;
}

/** Whether other programs took so much meanwhile that a rate says nothing about the server. */
export function isDisturbed({ othersCores }: RunFigures): boolean {
  return othersCores > BUSY_CORES;
}

const BUSY_CORES = 0.5;

function rowName({ suite, writers }: ShortRow): string {
  return `${suite}, ${writers} writers`;
}

/** Node hashes of core beside @noble/hashes; both in CPU time, in turns. */
export async function coreRatios(): Promise<Ratios> {
  const noble = (await hashLibraries()).filter(({ name }) => name === NOBLE);
  const row = nodeRows(noble).find(({ name }) => name === nodeRowName(NODES));
  if (row === undefined) throw new Error('bench:core has no such row');
  const figures = measure(row, { rounds: 7, sampleSeconds: 0.02, warmUpSeconds: 0.1 });
  return Object.fromEntries(
    ['wasm-simd', 'node'].map((ours) => [`core nodes, ${ours}: CPU a hash`, ratio(figures, ours, NOBLE)]),
  );
}

const NOBLE = '@noble/hashes';
const NODES = 1024;
