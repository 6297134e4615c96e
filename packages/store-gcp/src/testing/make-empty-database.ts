import { realClock, realEntropy } from '@tilewright/log/testing';
import type { SpannerPlace } from '../place/spanner-path.ts';
import { connectSpanner } from '../spanner/connect-spanner.ts';
import { makeDatabase } from '../spanner/schema/make-database.ts';

/** Makes a database without tables, and its instance, on an emulator: for a program that makes tables of its own. */
export async function makeEmptyDatabase(place: SpannerPlace & { readonly emulator: string }): Promise<void> {
  const connection = await connectSpanner(place, { clock: realClock(), entropy: realEntropy() });
  try {
    await makeDatabase(connection);
  } finally {
    await connection.close();
  }
}
