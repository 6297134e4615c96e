import { type Descriptors, descriptorCount, type RoundSample, WAL_SEGMENT } from './measure.ts';

const MOST_SEGMENTS = 2;

/** How much more a server may hold at the end: 0.05 is five per cent. */
export interface GrowthLimits {
  /** Heap of the main thread, and of the workers: more than when the server was warm. */
  readonly heap: number;
  /** Resident set: more than the most in the first half. It has no one level, because allocators keep what was freed. */
  readonly resident: number;
}

/**
 * What grew beyond its limit from the first sample to the last, one sentence each. Descriptors may not grow at all, but
 * for the log's next segment, which is open from when the last one is half full.
 */
export function growth(samples: readonly RoundSample[], limits: GrowthLimits): string[] {
  const [warm, end] = [samples.at(0), samples.at(-1)];
  if (warm === undefined || end === undefined || warm === end) return ['nothing was measured after the warm-up'];
  const found: string[] = [];
  const check = (what: string, before: number, after: number, limit: number): void => {
    if (after <= before * (1 + limit)) return;
    found.push(`${what} grew from ${mebibytes(before)} to ${mebibytes(after)}, by more than ${100 * limit} %`);
  };
  check('the heap of the main thread', warm.heap, end.heap, limits.heap);
  check('the heap of the workers', warm.workerHeap, end.workerHeap, limits.heap);
  const firstHalf = samples.filter(({ round }) => round <= Math.max(warm.round, end.round / 2));
  check('the resident set', Math.max(...firstHalf.map((sample) => sample.resident)), end.resident, limits.resident);
  found.push(...moreDescriptors(warm.descriptors, end.descriptors));
  return found;
}

/** Bytes for people. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}

function moreDescriptors(warm: Descriptors, end: Descriptors): string[] {
  const { [WAL_SEGMENT]: warmSegments = 0, ...before } = warm;
  const { [WAL_SEGMENT]: segments = 0, ...after } = end;
  const found = segments > MOST_SEGMENTS ? [`${segments} write-ahead segments are open, ${warmSegments} were`] : [];
  if (descriptorCount(after) <= descriptorCount(before)) return found;
  const more = Object.entries(after).filter(([kind, count]) => count > (before[kind] ?? 0));
  const kinds = more.map(([kind, count]) => `${count} of ${kind}, before ${before[kind] ?? 0}`).join('; ');
  return [...found, `descriptors grew from ${descriptorCount(before)} to ${descriptorCount(after)}: ${kinds}`];
}
