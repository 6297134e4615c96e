/** One line of the text format: a name suffix (`_bucket`, `_sum`, `_count` or none), label pairs ready to print, a value. */
export interface Sample {
  readonly suffix: string;
  /** `a="x",b="y"`, escaped; empty for no labels. */
  readonly labels: string;
  readonly value: number;
}

/** A metric family that can be scraped. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Of a gauge: whether the values of several threads make one sum. Counts always do. */
  readonly addsUp?: boolean;
  samples(): Iterable<Sample>;
}

/** Label values of one family, in the order of its label names. */
export type LabelValues = readonly string[];

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** Prints label pairs. Throws a `RangeError` when the numbers of names and values differ: a mistake of the caller. */
export function printLabels(names: readonly string[], values: LabelValues): string {
  if (names.length !== values.length) throw new RangeError(`${names.length} labels, ${values.length} values`);
  return names.map((name, i) => `${name}="${escapeLabel(values[i] ?? '')}"`).join(',');
}

/** Prints a number as the text format wants it. */
export function printValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
