import type { Fault, FsOperation, Intercept } from '@tilewright/store-posix/testing';
import type { Chooser } from '../choice/chooser.ts';
import type { Schedule } from '../world/schedule.ts';
import type { Story } from '../world/story.ts';

/** How often a change of the disk goes wrong, as probabilities. */
export interface FaultRates {
  /** The process is killed before or after it. */
  readonly stop: number;
  /** It fails with EIO; a failed sync forgets what it was to write. */
  readonly eio: number;
  /** It fails with ENOSPC; a write may have stored a part. */
  readonly full: number;
  /** A write stores only a part, and says so. */
  readonly short: number;
  /** The process ends before it: a decision of its own, for a search that rations ends and failures apart. */
  readonly end: number;
}

/** A disk on which nothing fails. */
export const NO_FAULTS: FaultRates = { stop: 0, eio: 0, full: 0, short: 0, end: 0 };

const NEEDS_ROOM: readonly FsOperation['kind'][] = ['create', 'pwrite', 'mkdir', 'link', 'truncate', 'fdatasync'];

/**
 * Faults that chance brings upon one process. A step of forty objects of which each fails now and then never ends by
 * itself: a disk that stays full is the workload's to make, and it says when there is room again.
 */
const MOST_FAULTS = 60;

/** What the disk may do to one process. */
export interface DiskWeather {
  readonly rates: FaultRates;
  readonly schedule: Schedule;
  readonly chooser: Chooser;
  readonly story: Story;
  /** A call failed for a reason that is not the program's fault. */
  readonly failed: (operation: FsOperation, errno: string) => void;
  /** The process is killed with this change. */
  readonly stopped: () => void;
  /** A change is about to happen. */
  readonly watch: (operation: FsOperation) => void;
}

/** Lets each change of the disk by `owner` wait for its turn, and decides what becomes of it. */
export function weather(
  owner: object,
  { rates, schedule, chooser, story, failed, stopped, watch }: DiskWeather,
): Intercept {
  const total = rates.stop + rates.eio + rates.full + rates.short;
  let left = MOST_FAULTS;
  const fate = (operation: FsOperation): Fault | undefined => {
    if (rates.end > 0 && chooser.pick('crash', 2, 1 - rates.end) === 1) {
      if (story.isTold) story.tell(`${describe(operation)}: the process ends before it`);
      return { kind: 'stop-before' };
    }
    if (total === 0 || left === 0) return undefined;
    const kinds = fates(operation, rates);
    const fault = kinds[chooser.pick('fault', kinds.length + 1, 1 - total) - 1];
    if (fault === undefined) return undefined;
    left -= 1;
    if (fault.kind === 'error') failed(operation, fault.errno);
    story.count(
      fault.kind === 'error'
        ? `disk: ${fault.errno}`
        : fault.kind === 'short'
          ? 'disk: short write'
          : 'killed within a call',
    );
    if (story.isTold) story.tell(`${describe(operation)}: ${describeFault(fault)}`);
    return fault;
  };
  return async (operation) => {
    await schedule.step(owner);
    const fault = fate(operation);
    watch(operation);
    // Whoever waits for the process learns it when the change has happened, or has not.
    if (fault?.kind === 'stop-before' || fault?.kind === 'stop-after') queueMicrotask(() => queueMicrotask(stopped));
    return fault;
  };
}

function fates({ kind, bytes = 0 }: FsOperation, rates: FaultRates): Fault[] {
  const possible: Fault[] = [];
  if (rates.stop > 0) possible.push({ kind: 'stop-after' }, { kind: 'stop-before' });
  if (rates.eio > 0 && kind !== 'lock') possible.push({ kind: 'error', errno: 'EIO' });
  if (rates.full > 0 && NEEDS_ROOM.includes(kind)) possible.push({ kind: 'error', errno: 'ENOSPC' });
  if (rates.short > 0 && kind === 'pwrite' && bytes > 1) {
    possible.push({ kind: 'short', bytes: Math.min(bytes - 1, 4096) }, { kind: 'short', bytes: Math.floor(bytes / 2) });
  }
  return possible;
}

function describe({ kind, path, purpose }: FsOperation): string {
  const name = path.replace(/^\/srv\/log\/?/, '') || 'the directory';
  return purpose === undefined ? `${kind} ${name}` : `sync of ${name} (${purpose})`;
}

function describeFault(fault: Fault): string {
  if (fault.kind === 'error') return `fails with ${fault.errno}`;
  if (fault.kind === 'short') return `stores only ${fault.bytes} bytes`;
  return fault.kind === 'stop-before' ? 'the process is killed before it' : 'the process is killed after it';
}
