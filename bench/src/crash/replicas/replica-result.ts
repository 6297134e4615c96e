import { type CrashResult, type Durations, describeGroup } from '../report/summary.ts';

/** What a log of several replicas went through and what it broke. */
export interface ReplicaResult extends Omit<CrashResult, 'rounds' | 'stateBytes'> {
  readonly replicas: number;
  /** Objects below tile/ that the bucket ever held. */
  readonly objects: number;
  /** What the independent reader of the published checkpoint did. */
  readonly watcher: Readonly<Record<string, number>>;
  /** Entries that have more than one index because two replicas took them before they knew of each other's. */
  readonly repeated: number;
  /** Longest time between the first answer to an entry and the answer that gave it a second index, milliseconds. */
  readonly longestLagMs: number;
  /** From SIGTERM under load to the end of the process. */
  readonly shutdownMs: Durations;
}

/** The result for people: one line for each number. */
export function describeReplicas(result: ReplicaResult, seconds: number): string {
  const { replicas, entries, acknowledged, checkpoints, paths, objects, restartMs, shutdownMs, violations } = result;
  const groups = [
    ['ends', result.ends],
    ['answers', result.answers],
    ['duplicates', result.duplicates],
    ['bad requests', result.badRequests],
    ['broken off', result.brokenOff],
    ['reads', result.reads],
    ['watcher', result.watcher],
  ] as const;
  return [
    `${replicas} replicas, ${seconds} s: ${entries} entries in the log, ${acknowledged} indexes answered`,
    `${checkpoints} checkpoints, ${paths} paths read and ${objects} objects listed below tile/, kept and compared`,
    `${result.repeated} entries with a second index, at most ${result.longestLagMs} ms after the first answer`,
    `restart: median ${restartMs.median} ms, longest ${restartMs.longest} ms; SIGTERM under load: longest ${shutdownMs.longest} ms`,
    ...groups.flatMap(([name, kinds]) => describeGroup(name, kinds)),
    violations.length === 0 ? 'nothing broken' : `BROKEN: ${violations.length}`,
    ...violations.map((violation) => `  ${violation}`),
    '',
  ].join('\n');
}
