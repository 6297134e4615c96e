import type { FileRecording } from './files/file-recording.ts';
import type { Moment, Promises } from './life/promises.ts';

/** A recording, and the means to make real what a power loss would have left at any moment of it. */
export interface CrashSite {
  /** The last moment: there is one after each mark. */
  readonly last: Moment;
  /** Moments beside a sync, in order: where what is durable changes. */
  readonly boundaries: readonly Moment[];
  readonly promises: Promises;
  /** What had just happened, for the report of a violation. */
  describe(moment: Moment): string;
  /**
   * What power loss leaves at this moment. Choice 0 loses everything that was not synced, 1 nothing, any other picks
   * piece by piece.
   */
  image(moment: Moment, choice: number): Promise<CrashImage>;
}

/** What one power loss left. */
export interface CrashImage {
  /** Equal for equal contents. */
  readonly digest: string;
  /** Makes it real, recovers there and judges the result. */
  judge(name: string, promised: Promises): Promise<JudgedImage>;
}

/** What judging showed. */
export interface JudgedImage {
  /** How many images that took: the recovery may itself have been cut short, and tried again. */
  readonly images: number;
  /** The first broken promise in words. */
  readonly broken?: string;
  /** When a recovery was cut short: where in its own recording. */
  readonly within?: { readonly recording: FileRecording; readonly moment: Moment; readonly choice: number };
}
