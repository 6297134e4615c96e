import {
  type ContractSubject,
  checkpointStoreContract,
  objectStoreContract,
  realClock,
  realEntropy,
  signedCheckpointsContract,
} from '@tilewright/log/testing';
import { afterAll, describe, test } from 'vitest';
import { type GcsServer, NO_GCS_SERVER, skipsWithoutGcsServer, startGcsServer } from '../testing/gcs-server.ts';
import { type BucketConnection, connectBucket } from './bucket-connection.ts';
import { gcsCheckpoints } from './gcs-checkpoints.ts';
import { gcsObjects } from './gcs-objects.ts';
import { gcsSignedCheckpoints } from './gcs-signed-checkpoints.ts';

let server: Promise<GcsServer> | undefined;
afterAll(async () => (await server)?.stop());

/** A bucket of its own for each case, and as many connections to it as are asked for: each is a replica. */
function subject<Store>(prefix: string, open: (connection: BucketConnection) => Store) {
  return async (): Promise<ContractSubject<Store>> => {
    server ??= startGcsServer();
    const { endpoint, makeBucket } = await server;
    const place = { bucket: await makeBucket.call(await server), prefix, endpoint };
    const connections: BucketConnection[] = [];
    const reopen = async (): Promise<Store> => {
      const connection = await connectBucket(place, { clock: realClock(), entropy: realEntropy() });
      connections.push(connection);
      return open(connection);
    };
    return {
      store: await reopen(),
      reopen,
      dispose: async () => {
        for (const connection of connections) await connection.close();
      },
    };
  };
}

describe.skipIf(skipsWithoutGcsServer())(`on fake-gcs-server (where it is missing: ${NO_GCS_SERVER})`, () => {
  describe.each(['', 'logs/one/'])('under the prefix %j', (prefix) => {
    objectStoreContract(test, subject(prefix, gcsObjects));
    checkpointStoreContract(test, subject(prefix, gcsCheckpoints));
    signedCheckpointsContract(test, subject(prefix, gcsSignedCheckpoints));
  });
});
