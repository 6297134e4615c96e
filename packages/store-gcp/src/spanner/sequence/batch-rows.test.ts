import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesCell, intCell, type Row } from '../rpc/cells.ts';
import { batchOf, encodeRows } from './batch-rows.ts';

/** The rows as they stand in the table, of a batch that begins at `first`. */
function stored(entries: readonly Uint8Array[], maxBytes: number, first: number): Row[] {
  let from = first;
  return encodeRows(entries, maxBytes).map(({ count, cell }) => {
    const row = [intCell(from + count - 1), intCell(from), cell];
    from += count;
    return row;
  });
}

test('entries come back from any index on, however they are split', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 30 }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 100 }),
      fc.nat(1000),
      fc.nat(19),
      (entries, maxBytes, first, skip) => {
        const from = first + Math.min(skip, entries.length - 1);
        const rows = stored(entries, maxBytes, first).filter(([last]) => Number(last?.stringValue) >= from);
        const batches = rows.map((row) => batchOf(row, from));
        expect(batches[0]?.first).toBe(from);
        expect(batches.flatMap((batch) => batch.entries.map((entry) => Uint8Array.from(entry)))).toEqual(
          entries.slice(from - first),
        );
      },
    ),
  );
});

test('no row is longer than a cell may be', () => {
  const entries = Array.from({ length: 300 }, () => new Uint8Array(65_535));
  const rows = encodeRows(entries);
  expect(rows.map(({ count }) => count)).toEqual([143, 143, 14]);
  for (const { cell } of rows) expect(Buffer.from(cell.stringValue ?? '', 'base64').length).toBeLessThan(10_485_760);
});

test('an entry that is too long is refused before anything is stored', () => {
  expect(() => encodeRows([new Uint8Array(65_536)])).toThrow(expect.objectContaining({ code: 'entry-too-large' }));
});

test.each<[string, Row]>([
  ['ends within an entry', [intCell(0), intCell(0), bytesCell(Uint8Array.of(0, 2, 7))]],
  ['ends within a length', [intCell(1), intCell(0), bytesCell(Uint8Array.of(0, 0, 0))]],
  ['holds fewer entries than it says', [intCell(2), intCell(0), bytesCell(Uint8Array.of(0, 0, 0, 0))]],
])('a row that %s is corrupt', (_, row) => {
  expect(() => batchOf(row, 0)).toThrow(expect.objectContaining({ code: 'corrupt' }));
});
