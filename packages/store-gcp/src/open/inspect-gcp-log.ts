import type { SpannerPlace } from '../place/spanner-path.ts';
import { connectSpanner } from '../spanner/connect-spanner.ts';
import { readSchema, type SchemaState } from '../spanner/schema/read-schema.ts';
import type { SpannerWorld } from '../spanner/spanner-connection.ts';

/** What the database holds of a log, without opening it. @throws GcpError 'bad-place', 'denied', 'unreachable', 'failed' */
export async function inspectGcpLog(place: SpannerPlace, world: SpannerWorld): Promise<SchemaState> {
  const connection = await connectSpanner(place, world);
  try {
    return await readSchema(connection);
  } finally {
    await connection.close();
  }
}
