/** Highest number that a file may hold: nobody ever counted so far, and whatever counts on from it stays exact. */
export const MOST_STORED: number = 2 ** 52;

/** The number stored at `at` as a 64-bit big-endian integer; nothing above {@link MOST_STORED}. */
export function storedCount(view: DataView, at: number): number | undefined {
  const value = Number(view.getBigUint64(at));
  return value > MOST_STORED ? undefined : value;
}
