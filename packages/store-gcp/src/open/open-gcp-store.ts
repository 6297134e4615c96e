import type {
  CheckpointStore,
  Clock,
  DedupeIndex,
  Entropy,
  ObjectStore,
  SequenceStore,
  SignedCheckpoints,
} from '@tilewright/log/ports';
import { GcpError } from '../gcp-error.ts';
import { connectBucket } from '../gcs/bucket-connection.ts';
import { gcsCheckpoints } from '../gcs/gcs-checkpoints.ts';
import { gcsObjects } from '../gcs/gcs-objects.ts';
import { gcsSignedCheckpoints } from '../gcs/gcs-signed-checkpoints.ts';
import type { BucketPlace } from '../place/bucket-place.ts';
import type { SpannerPlace } from '../place/spanner-path.ts';
import type { Patience } from '../retrying.ts';
import { connectSpanner } from '../spanner/connect-spanner.ts';
import { spannerDedupe } from '../spanner/dedupe/spanner-dedupe.ts';
import { claimIdentity } from '../spanner/schema/claim-identity.ts';
import { type FillingMark, fillingMark } from '../spanner/schema/filling-mark.ts';
import { type LogIdentity, readSchema } from '../spanner/schema/read-schema.ts';
import { spannerSequence } from '../spanner/sequence/spanner-sequence.ts';
import type { SpannerConnection } from '../spanner/spanner-connection.ts';

/** Which log, where, and how its storage is opened. */
export interface GcpOptions {
  readonly bucket: BucketPlace;
  readonly spanner: SpannerPlace;
  readonly identity: LogIdentity;
  /** 'migrate' opens tables that a migration is filling, too; unless given, those are refused. */
  readonly mode?: 'migrate' | undefined;
  /** Whether duplicates are looked for in the database. */
  readonly dedupe: boolean;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** A call is about to be tried again. */
  readonly onRetry?: Patience['onRetry'];
  /** The pause between two looks at what other replicas did, milliseconds; 1,000 unless given. */
  readonly pollMs?: number;
}

/** The storage of one log on Spanner and Cloud Storage, as one of any number of replicas. */
export interface GcpStore {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly signedCheckpoints: SignedCheckpoints;
  readonly sequence: SequenceStore;
  readonly dedupe: DedupeIndex | undefined;
  readonly filling: FillingMark;
  /** Ends every call, and lets the process exit. */
  close(): Promise<void>;
}

/** Every second, as long as nothing happens. */
const POLL_MS = 1000;
/** How long one try of a request to the bucket may take, milliseconds: clients wait for it, and the next try may be quick. */
const CALL_MS = 8_000;

/**
 * Opens the tables and the bucket of a log, which has to be the one that they belong to; tables that belong to nobody yet
 * are claimed for it where the bucket is as empty as they are.
 * @throws GcpError 'no-place', 'no-schema', 'schema-older', 'schema-newer', 'identity-mismatch', 'half-log', 'denied',
 *   'unreachable', 'failed', 'bad-place'; nothing is held then
 */
export async function openGcpStore(options: GcpOptions): Promise<GcpStore> {
  const { clock, entropy, onRetry, pollMs = POLL_MS } = options;
  const world = { clock, entropy, onRetry };
  const spanner = await connectSpanner(options.spanner, world);
  try {
    // The database first: what is wrong with it is the more likely, and is told in a moment.
    const identity = await identityOf(spanner, options.mode === 'migrate');
    const bucket = await connectBucket(options.bucket, { ...world, callTimeoutMs: CALL_MS });
    try {
      const objects = gcsObjects(bucket);
      if (identity === undefined && !(await objects.isEmpty())) {
        throw new GcpError(
          'half-log',
          `the bucket ${options.bucket.bucket} holds a log, and the tables are new: use the tables that belong to it, an empty bucket, or another prefix`,
        );
      }
      await claimIdentity(spanner, options.identity);
      return {
        objects,
        checkpoints: gcsCheckpoints(bucket),
        signedCheckpoints: gcsSignedCheckpoints(bucket),
        sequence: spannerSequence(spanner, { pollMs, clock, entropy }),
        filling: fillingMark(spanner),
        dedupe: options.dedupe ? spannerDedupe(spanner) : undefined,
        close: async () => void (await Promise.all([spanner.close(), bucket.close()])),
      };
    } catch (error) {
      await bucket.close();
      throw error;
    }
  } catch (error) {
    await spanner.close();
    throw error;
  }
}

/** Whose the tables are, if anybody's. */
async function identityOf(spanner: SpannerConnection, migrates: boolean): Promise<LogIdentity | undefined> {
  const state = await readSchema(spanner);
  const { database } = spanner.place;
  switch (state.kind) {
    case 'current':
      if (state.filling && !migrates) {
        throw new GcpError(
          'half-log',
          `a migration is filling the tables in ${database}, or was interrupted: run the same 'tilewright log migrate' again`,
        );
      }
      return state.identity;
    case 'no-database':
      throw new GcpError(
        'no-place',
        `there is no Spanner database ${database}: make it, or run 'tilewright db init --create'`,
      );
    case 'none':
      throw new GcpError(
        'no-schema',
        `the Spanner database ${database} has no tables of a log: run 'tilewright db init'`,
      );
    case 'older':
      throw new GcpError(
        'schema-older',
        `the tables in ${database} are of format ${state.format}, an older one: stop every server of the log and run 'tilewright db migrate'`,
      );
    case 'newer':
      throw new GcpError(
        'schema-newer',
        `the tables in ${database} are of format ${state.format}, which is newer than this program: use the program that made them`,
      );
  }
}
