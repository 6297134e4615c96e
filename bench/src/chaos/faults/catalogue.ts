import type { ChaosDisk } from '../disk/chaos-disk.ts';
import { Throttle } from '../disk/throttle.ts';
import type { ServerControls } from '../inside/server-controls.ts';
import { clockJump } from './clock-jump.ts';
import type { Fault } from './fault.ts';
import { fullDisk } from './full-disk.ts';
import { malformed } from './malformed.ts';
import { resets } from './resets.ts';
import { slowCalls } from './slow-calls.ts';
import { slowDisk } from './slow-disk.ts';
import { stopped } from './stopped.ts';

/** Every fault beside `kill -9`, and what they need. */
export interface Catalogue {
  readonly faults: readonly Fault[];
  /** To be called when no server is left. */
  close(): void;
}

/** Finds out what can be done here. */
export function openCatalogue(disk: ChaosDisk, controls: ServerControls): Catalogue {
  const throttle = openThrottle(disk);
  return {
    faults: [
      stopped,
      fullDisk(disk),
      slowDisk(throttle),
      slowCalls(controls),
      clockJump(controls, 'forward'),
      clockJump(controls, 'back'),
      resets,
      malformed,
    ],
    close: () => {
      if ('close' in throttle) throttle.close();
    },
  };
}

function openThrottle({ device, whyNot }: ChaosDisk): Throttle | { readonly whyNot: string } {
  if (device === undefined) return { whyNot: `the log has no device of its own: ${whyNot}` };
  try {
    return new Throttle(device);
  } catch (error) {
    return { whyNot: `no limit can be set on its device: ${error instanceof Error ? error.message : error}` };
  }
}
