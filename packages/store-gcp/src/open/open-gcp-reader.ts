import type { CheckpointStore, ObjectStore } from '@tilewright/log/ports';
import { type BucketWorld, connectBucket } from '../gcs/bucket-connection.ts';
import { gcsCheckpoints } from '../gcs/gcs-checkpoints.ts';
import { gcsObjects } from '../gcs/gcs-objects.ts';
import type { BucketPlace } from '../place/bucket-place.ts';

/** The published half of a log: what its readers see. */
export interface GcpReader {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  close(): Promise<void>;
}

/** Opens the bucket of a log alone, for reading. @throws GcpError as `connectBucket` does */
export async function openGcpReader(place: BucketPlace, world: BucketWorld): Promise<GcpReader> {
  const bucket = await connectBucket(place, world);
  return { objects: gcsObjects(bucket), checkpoints: gcsCheckpoints(bucket), close: () => bucket.close() };
}
