/** What stands where there is no figure. */
export const NONE = '—';

/** A figure with three digits or so: 0.84, 8.31, 62.2, 1285, 10802. */
export function figureText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** A ratio: 18×, 1.4×, 0.062×. */
export function timesText(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return NONE;
  return `${ratio >= 10 ? ratio.toFixed(0) : ratio.toPrecision(2)}×`;
}

/** A contestant's name where room is short. */
export function shortLabel(label: string): string {
  return label.replace('rekor-server-posix', 'rekor-posix').replace('16,384 outstanding', '16 Ki');
}
