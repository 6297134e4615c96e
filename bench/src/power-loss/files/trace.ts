import type { SyncPurpose } from '@tilewright/store-posix';
import type { Moment } from '../life/promises.ts';

/** A call that changes the disk, or makes it durable. Paths are below the recorded directory; open files have numbers. */
export type Change =
  | { readonly kind: 'open'; readonly path: string; readonly file: number }
  | { readonly kind: 'create'; readonly path: string; readonly file: number }
  | { readonly kind: 'pwrite'; readonly file: number; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly file: number; readonly size: number }
  | { readonly kind: 'fdatasync'; readonly file: number; readonly purpose: SyncPurpose }
  | { readonly kind: 'link' | 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'unlink' | 'rmdir' | 'lock'; readonly path: string }
  | { readonly kind: 'mkdir'; readonly path: string; readonly permissions: number }
  | { readonly kind: 'fsync-dir'; readonly path: string; readonly purpose: SyncPurpose };

/** A call from its beginning to its end. */
export interface Step {
  readonly change: Change;
  /** Number of the mark of its beginning. */
  readonly begun: Moment;
  /** Number of the mark of its end; none while it is under way. */
  ended?: Moment;
  /** It failed and changed nothing. */
  failed?: true;
}

/** Every change of a directory, in order. A mark is set where a call begins and where it ends: power may fail between any two. */
export class Trace {
  readonly steps: Step[];
  #marks: number;
  #files: number;

  /** Goes on from `before`, where a recording of so many marks ended. */
  constructor(before: readonly Step[] = [], marks = 0) {
    this.steps = [...before];
    this.#marks = marks;
    this.#files = Math.max(0, ...openPaths(before).keys());
  }

  /** How many marks there are. */
  get moment(): Moment {
    return this.#marks;
  }

  newFile(): number {
    return ++this.#files;
  }

  /** Runs a call and records it. What throws, or what `changed` denies, has changed nothing. */
  async record<T>(change: Change, work: () => Promise<T>, changed: (result: T) => boolean = () => true): Promise<T> {
    const step: Step = { change, begun: this.#marks++ };
    this.steps.push(step);
    try {
      const result = await work();
      if (!changed(result)) step.failed = true;
      return result;
    } catch (error) {
      step.failed = true;
      throw error;
    } finally {
      step.ended = this.#marks++;
    }
  }

  /** A file was opened that was there: that changes nothing. */
  opened(path: string, file: number): void {
    this.steps.push({ change: { kind: 'open', path, file }, begun: this.#marks, ended: this.#marks });
  }
}

/** The call in words. */
export function describeStep({ change }: Step, paths: ReadonlyMap<number, string>): string {
  const purpose = 'purpose' in change ? ` (${change.purpose})` : '';
  const what = 'to' in change ? `${change.from} ${change.to}` : 'path' in change ? change.path : paths.get(change.file);
  return `${change.kind}${purpose} ${what}`;
}

/** Which path each open file was opened by. */
export function openPaths(steps: readonly Step[]): Map<number, string> {
  const paths = new Map<number, string>();
  for (const { change } of steps) {
    if (change.kind === 'open' || change.kind === 'create') paths.set(change.file, change.path);
  }
  return paths;
}

/** The calls of a process that was killed at this moment: a sync under way has done nothing that anybody may rely on. */
export function stepsUntil(steps: readonly Step[], moment: Moment): Step[] {
  return steps.filter(
    ({ change, begun, ended }) => begun < moment && (!('purpose' in change) || (ended !== undefined && ended < moment)),
  );
}
