import {
  type GcsServer,
  type SpannerEmulator,
  skipsWithoutGcsServer,
  skipsWithoutSpannerEmulator,
  startGcsServer,
  startSpannerEmulator,
} from '@tilewright/store-gcp/testing';
import { afterAll, beforeAll } from 'vitest';
import { type LogPlace, logPlace } from '../running-log.ts';

/** The emulators of one test file. */
export interface GcpServers {
  readonly spanner: SpannerEmulator;
  readonly gcs: GcsServer;
  /** What names them to a command. */
  readonly env: Readonly<Record<string, string>>;
}

/** A log in a bucket and a database that do not exist in any other test. */
export interface GcpLogPlace extends LogPlace {
  /** projects/P/instances/I/databases/D; `db init --create` makes it. */
  readonly database: string;
  readonly bucket: string;
  /** Where anybody reads the objects. */
  readonly publicUrl: string;
}

/** Whether tests on the emulators are skipped: one is missing, and TILEWRIGHT_REQUIRE_ALL=1 does not ask for it. */
export const SKIPS_GCP: boolean = skipsWithoutGcsServer() || skipsWithoutSpannerEmulator();

/** Starts both servers before the tests of a file, and stops them afterwards. */
export function gcpServers(): () => GcpServers {
  let servers: GcpServers | undefined;
  beforeAll(async () => {
    if (SKIPS_GCP) return;
    const [spanner, gcs] = await Promise.all([startSpannerEmulator(), startGcsServer()]);
    const env = { SPANNER_EMULATOR_HOST: spanner.host, STORAGE_EMULATOR_HOST: gcs.endpoint };
    servers = { spanner, gcs, env };
  }, 60_000);
  afterAll(async () => void (await Promise.all([servers?.spanner.stop(), servers?.gcs.stop()])));
  return () => {
    if (servers === undefined) throw new Error('the emulators were not started');
    return servers;
  };
}

/** A place for a log called localhost, with a fresh key, an empty bucket and a database that nobody has made. */
export async function gcpLogPlace({ spanner, gcs }: GcpServers): Promise<GcpLogPlace> {
  const place = await logPlace();
  const { project, instance, database: name } = spanner.place();
  const database = `projects/${project}/instances/${instance}/databases/${name}`;
  const bucket = await gcs.makeBucket();
  // The directory gives way to the bucket.
  const flags = ['--gcp-bucket', bucket, '--gcp-spanner', database, ...place.flags.slice(2)];
  return { ...place, flags, database, bucket, publicUrl: gcs.publicUrl(bucket) };
}
