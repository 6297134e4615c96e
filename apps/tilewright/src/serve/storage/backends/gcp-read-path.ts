// Loaded by a thread that serves clients: it reads the bucket by itself.
import { type ReadPath, readPathOfStores } from '@tilewright/rekor-server';
import { type BucketPlace, openGcpReader } from '@tilewright/store-gcp';
import { nodeClock, nodeEntropy } from '../node-world.ts';

/** The objects of the bucket. */
export async function readPathOf(place: unknown): Promise<ReadPath> {
  const { objects, checkpoints } = await openGcpReader(place as BucketPlace, {
    clock: nodeClock,
    entropy: nodeEntropy,
  });
  return readPathOfStores(objects, checkpoints);
}
