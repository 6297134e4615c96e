import type { ChaosDisk } from './disk/chaos-disk.ts';
import type { ChaosState } from './state/chaos-state.ts';

/** What one run is to do. */
export interface ChaosPlan {
  readonly state: ChaosState;
  readonly disk: ChaosDisk;
  /** A directory for files of this run alone. */
  readonly scratch: string;
  readonly seed: number;
  readonly minutes: number;
  /** Good submissions under way, and all submissions a second. */
  readonly writers: number;
  readonly writesPerSecond: number;
  readonly readsPerSecond: number;
  /** Whether a fault that cannot be injected here is a finding. */
  readonly requiresAll: boolean;
  /** Whether somebody asked the run to end. */
  readonly isStopped: () => boolean;
  /** A line that stays. */
  readonly say: (line: string) => void;
  /** How far the run is; called often. */
  readonly progress: (line: () => string) => void;
}
