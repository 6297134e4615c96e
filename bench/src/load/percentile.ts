/** The smallest value that at least the given fraction (0 to 1) of the values do not exceed; NaN of none. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? Number.NaN;
}

/** The middle value; of an even count, the lower of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
