/** So many are no crowd yet. */
const CROWD = 512;
/** An interval does not grow beyond this, milliseconds. */
const CROWDED_MS = 80;

/**
 * The interval between checkpoints while so many wait. A checkpoint costs a dozen calls of the file system however many
 * entries it covers; thousands of writers wait for the processor, and get their answers sooner when fewer are made.
 */
export function crowded(intervalMs: number, waiting: number): number {
  return Math.max(intervalMs, Math.min(CROWDED_MS, (intervalMs * waiting) / CROWD));
}

/** So often, and after so many milliseconds, a replica that found the slot taken looks what became of it. */
export const GLANCES = 3;
export const GLANCE_MS = 150;
