import type { protos } from '@google-cloud/spanner';
import { GcpError } from '../../gcp-error.ts';
import type { Cell, Row } from './cells.ts';

/**
 * Rows of `width` scalar columns from the parts that a streaming read sends: a part ends anywhere, within a value too, whose
 * text then goes on in the next part (google.spanner.v1.PartialResultSet, "chunked_value").
 */
export async function* joinChunks(
  parts: AsyncIterable<protos.google.spanner.v1.IPartialResultSet>,
  width: number,
): AsyncGenerator<Row> {
  let row: Cell[] = [];
  let begun: string[] | undefined;
  for await (const { values, chunkedValue } of parts) {
    for (const [at, value] of (values ?? []).entries()) {
      const isPart = chunkedValue === true && at === (values?.length ?? 0) - 1;
      if (begun !== undefined || isPart) {
        if (typeof value.stringValue !== 'string') throw broken();
        begun ??= [];
        begun.push(value.stringValue);
        if (isPart) continue;
        row.push({ stringValue: begun.join('') });
        begun = undefined;
      } else {
        row.push(value);
      }
      if (row.length < width) continue;
      yield row;
      row = [];
    }
  }
  if (begun !== undefined || row.length > 0) throw broken();
}

function broken(): GcpError {
  return new GcpError('failed', 'a streaming read of Spanner ended within a row');
}
