import type { protos } from '@google-cloud/spanner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GcpError } from '../../gcp-error.ts';
import type { Cell, Row } from './cells.ts';
import { joinChunks } from './join-chunks.ts';

type Part = protos.google.spanner.v1.IPartialResultSet;

async function joined(parts: readonly Part[], width: number): Promise<Row[]> {
  async function* sent(): AsyncGenerator<Part> {
    yield* parts;
  }
  const rows: Row[] = [];
  for await (const row of joinChunks(sent(), width)) rows.push(row);
  return rows;
}

/** Cuts the cells of rows into parts: after any cell, and within the text of any. */
function cut(cells: readonly Cell[], cuts: readonly number[]): Part[] {
  const parts: Part[] = [];
  let values: Cell[] = [];
  const send = (chunkedValue: boolean): void => {
    parts.push({ values, chunkedValue });
    values = [];
  };
  for (const [at, cell] of cells.entries()) {
    let text = cell.stringValue;
    for (const cutAt of cuts.filter((_, n) => n % cells.length === at)) {
      if (typeof text !== 'string') continue;
      const head = text.slice(0, cutAt % (text.length + 1));
      values.push({ stringValue: head });
      send(true);
      text = text.slice(head.length);
    }
    values.push(typeof text === 'string' ? { stringValue: text } : cell);
    if (at % 3 === 2) send(false);
  }
  send(false);
  return parts;
}

const cell = fc.oneof(
  fc.string({ maxLength: 6 }).map((stringValue): Cell => ({ stringValue })),
  fc.constant<Cell>({ nullValue: 'NULL_VALUE' }),
);

test('rows come out as they were, wherever they were cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(cell, { maxLength: 20 }),
      fc.array(fc.nat(10), { maxLength: 12 }),
      async (width, cells, cuts) => {
        const whole = cells.slice(0, Math.floor(cells.length / width) * width);
        const rows = await joined(cut(whole, cuts), width);
        expect(rows.flat()).toEqual(whole);
        for (const row of rows) expect(row).toHaveLength(width);
      },
    ),
  );
});

test.each<[string, Part[]]>([
  ['within a row', [{ values: [{ stringValue: 'a' }] }]],
  ['within a value', [{ values: [{ stringValue: 'a' }, { stringValue: 'b' }], chunkedValue: true }]],
  [
    'within a value that is no text',
    [{ values: [{ stringValue: 'a' }, { nullValue: 'NULL_VALUE' }], chunkedValue: true }],
  ],
])('a stream that ends %s is no answer', async (_, parts) => {
  await expect(joined(parts, 2)).rejects.toThrow(GcpError);
});
