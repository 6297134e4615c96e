/** Why an answer may differ. No other reason is accepted. */
const KINDS = ['read path', 'new path', 'details', 'Retry-After', 'accept-dsse', 'v2.3.0'] as const;

/** One line of the table in docs/parity.md; `*` in a pattern stands for any text. */
export interface Declaration {
  readonly kind: (typeof KINDS)[number];
  readonly row: string;
  readonly field: string;
  readonly reference: string;
  readonly ours: string;
}

/** One field in which two answers differ; an absent field is `(none)`. */
export interface Difference {
  readonly row: string;
  readonly field: string;
  readonly reference: string;
  readonly ours: string;
}

const TABLE_START = '<!-- declared differences -->';
const TABLE_END = '<!-- end of declared differences -->';

/**
 * Reads the table between the two markers of docs/parity.md: | kind | rows | field | reference | ours |, the last four
 * in backticks. Throws on an unknown kind, so that the list of reasons stays closed.
 */
export function parseDeclarations(markdown: string): Declaration[] {
  const start = markdown.indexOf(TABLE_START);
  const end = markdown.indexOf(TABLE_END);
  if (start < 0 || end < start) throw new Error(`docs/parity.md has no table between ${TABLE_START} and ${TABLE_END}`);
  const lines = markdown.slice(start + TABLE_START.length, end).split('\n');
  const rows = lines.filter((line) => line.startsWith('|')).slice(2);
  return rows.map(parseLine);
}

/** The declaration that allows a difference, if one does. */
export function declarationOf(difference: Difference, declarations: readonly Declaration[]): Declaration | undefined {
  return declarations.find(
    (d) =>
      matches(d.row, difference.row) &&
      matches(d.field, difference.field) &&
      matches(d.reference, difference.reference) &&
      matches(d.ours, difference.ours),
  );
}

function parseLine(line: string): Declaration {
  const cells = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  const [kindText = '', ...patterns] = cells;
  const [row, field, reference, ours] = patterns.map((cell) => /^`(.*)`$/.exec(cell)?.[1]);
  const kind = KINDS.find((known) => known === kindText);
  if (kind === undefined) throw new Error(`docs/parity.md: unknown kind of difference in: ${line}`);
  if (row === undefined || field === undefined || reference === undefined || ours === undefined) {
    throw new Error(`docs/parity.md: a line needs four cells in backticks after its kind: ${line}`);
  }
  return { kind, row, field, reference, ours };
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^]*')}$`).test(text);
}
