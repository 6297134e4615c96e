import { realClock, realEntropy } from '@tilewright/log/testing';
import { formatSpannerPath, type SpannerPlace } from '../place/spanner-path.ts';
import { connectSpanner } from '../spanner/connect-spanner.ts';
import { initSchema } from '../spanner/schema/init-schema.ts';
import { type GcsServer, startGcsServer } from './gcs-server.ts';
import { type SpannerEmulator, startSpannerEmulator } from './spanner-emulator.ts';

/** The one bucket and the one database of {@link DevServices}. */
const BUCKET = 'tilewright-dev';
const DATABASE = { project: 'tilewright', instance: 'dev', database: 'log' };

/** How to start {@link DevServices}: ports of loopback, free ones unless given. */
export interface DevServicesOptions {
  readonly spannerPort?: number | undefined;
  readonly storagePort?: number | undefined;
  /** A new folder for the objects, which then take less time when they are many; without one they are kept in memory. */
  readonly directory?: string | undefined;
}

/** A Spanner emulator and a storage server, with a bucket, a database and our tables in it. */
export interface DevServices {
  /** What the programs that use them find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The flags of `tilewright serve` that mean this place. */
  readonly flags: readonly string[];
  /** Where anybody reads the log, without a slash at the end. */
  readonly publicUrl: string;
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** Starts both. Throws when one of the programs is missing, or a port is somebody else's; nothing is left running then. */
export async function startDevServices(options: DevServicesOptions = {}): Promise<DevServices> {
  const { directory } = options;
  const started = await Promise.allSettled([
    startSpannerEmulator({ port: options.spannerPort }),
    startGcsServer({ port: options.storagePort, directory }),
  ]);
  const [spanner, storage] = started;
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
  };
  try {
    if (spanner.status === 'rejected') throw spanner.reason;
    if (storage.status === 'rejected') throw storage.reason;
    await makeDatabase(spanner.value);
    await storage.value.makeBucket(BUCKET);
    return describe(spanner.value, storage.value, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeDatabase({ host }: SpannerEmulator): Promise<void> {
  const place: SpannerPlace = { ...DATABASE, tablePrefix: '', emulator: host };
  const connection = await connectSpanner(place, { clock: realClock(), entropy: realEntropy() });
  try {
    await initSchema(connection, { create: true });
  } finally {
    await connection.close();
  }
}

function describe(spanner: SpannerEmulator, storage: GcsServer, stop: () => Promise<void>): DevServices {
  return {
    environment: { SPANNER_EMULATOR_HOST: spanner.host, STORAGE_EMULATOR_HOST: storage.endpoint },
    flags: ['--storage', 'gcp', '--gcp-bucket', BUCKET, '--gcp-spanner', formatSpannerPath(DATABASE)],
    publicUrl: storage.publicUrl(BUCKET),
    pids: [spanner.pid, storage.pid],
    stop,
  };
}
