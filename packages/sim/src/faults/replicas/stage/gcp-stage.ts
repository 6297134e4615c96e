import { setTimeout as later } from 'node:timers/promises';
import type { Clock } from '@tilewright/log/ports';
import { realClock, realEntropy } from '@tilewright/log/testing';
import {
  connectBucket,
  connectSpanner,
  gcsCheckpoints,
  gcsObjects,
  gcsSignedCheckpoints,
  initSchema,
  type SpannerConnection,
  spannerDedupe,
  spannerSequence,
} from '@tilewright/store-gcp';
import type { GcsServer, SpannerEmulator } from '@tilewright/store-gcp/testing';
import type { RemotePorts } from '../../../replicas/remote-store.ts';
import type { SharedStore } from './shared-store.ts';

/** A replica looks so often at what others did, milliseconds of the scenario. */
const POLL_MS = 100;

/** The pause between checkpoints where none is needed: more than nothing, so that no scenario counts on an order. */
const SHORTEST_MS = 1;

/** The columns of each table, its key first. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  Meta: ['id', 'format', 'origin', 'logId', 'entries', 'filling'],
  Coord: ['name', 'size', 'root', 'changedAt', 'frozenAtMs'],
  Batch: ['token', 'first', 'count', 'committedAt'],
  Seq: ['last', 'first', 'entries'],
  Dedupe: ['id', 'idx'],
};

/** Real time, which a scenario may see pass faster than it does. */
function clockOf(haste: number): Clock {
  const clock = realClock();
  return {
    ...clock,
    monotonicMs: () => clock.monotonicMs() * haste,
    sleep: async (ms, signal) => {
      await later(ms / haste, undefined, { signal }).catch(() => undefined);
    },
  };
}

/** Copies every row; the answer puts them back in one commit. */
async function backUp(connection: SpannerConnection): Promise<() => Promise<void>> {
  const copies = await Promise.all(
    Object.entries(TABLES).map(async ([table, columns]) => {
      const { rows } = await connection.read({ table, columns, keys: { all: true } });
      const values = rows.map((row) => ({ values: [...row] }));
      const clear = { delete: { table, keySet: { all: true } } };
      return values.length === 0 ? [clear] : [clear, { insert: { table, columns: [...columns], values } }];
    }),
  );
  return () => connection.retry('put the copy back', () => connection.write(copies.flat()));
}

/** Deletes what is in a bucket, through the API of the server itself. */
async function emptyBucket(url: string, keep: string | undefined): Promise<void> {
  const answer = await fetch(`${url}/o?maxResults=1000`);
  const { items = [] } = (await answer.json()) as { items?: { name: string }[] };
  for (const { name } of items) {
    if (name === keep) continue;
    await fetch(`${url}/o/${encodeURIComponent(name)}`, { method: 'DELETE' });
  }
}

/**
 * The storage of one log on the Spanner emulator and a server of Cloud Storage's API, over the real SDKs. Neither server
 * asks for a pause between checkpoints: where the scenario does not need one either, there is hardly one, and `haste` times
 * as much time passes as in reality.
 */
export function sharedGcp(spanner: SpannerEmulator, gcs: GcsServer, needsPause: boolean, haste: number): SharedStore {
  const place = spanner.place();
  const clock = clockOf(needsPause ? 1 : haste);
  const world = { clock, entropy: realEntropy() };
  const bucket = gcs.makeBucket();
  let made: Promise<SpannerConnection> | undefined;
  const admin = (): Promise<SpannerConnection> => {
    made ??= connectSpanner(place, world).then(async (connection) => {
      await initSchema(connection, { create: true });
      return connection;
    });
    return made;
  };
  let opened = 0;
  const open = async (): Promise<RemotePorts> => {
    await admin();
    const connection = await connectSpanner(place, world);
    const objects = await connectBucket({ bucket: await bucket, prefix: '', endpoint: gcs.endpoint }, world);
    const checkpoints = gcsCheckpoints(objects);
    const sequence = spannerSequence(connection, { pollMs: POLL_MS, releaseMs: 0, ...world });
    opened += 1;
    return {
      objects: gcsObjects(objects),
      checkpoints: {
        minIntervalMs: needsPause ? checkpoints.minIntervalMs : SHORTEST_MS,
        read: () => checkpoints.read(),
        replace: (note, expected) => checkpoints.replace(note, expected),
      },
      signedCheckpoints: gcsSignedCheckpoints(objects),
      sequence: {
        ...sequence,
        close: async () => {
          await sequence.close();
          await Promise.all([connection.close(), objects.close()]);
          opened -= 1;
          if (opened === 0) await (await admin()).close();
        },
      },
      dedupe: spannerDedupe(connection),
    };
  };
  return {
    clock,
    open,
    backUp: async () => backUp(await admin()),
    emptyBucket: async (keep) => emptyBucket(`${gcs.endpoint}/storage/v1/b/${await bucket}`, keep),
  };
}
