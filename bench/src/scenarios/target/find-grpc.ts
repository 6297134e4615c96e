import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { Refused } from '../../hammer/refused.ts';
import { resolveAddress } from '../../hammer/target/address.ts';

const CREATE_ENTRY = '/dev.sigstore.rekor.v2.Rekor/CreateEntry';
const TIMEOUT_MS = 10_000;
const INVALID_ARGUMENT = 3;
const FROZEN = 'frozen';

/**
 * Looks for the write service at `HOST:PORT`, without writing.
 * @throws Refused saying what is there instead
 */
export async function requireGrpc(hostPort: string, isOwned: boolean): Promise<void> {
  await resolveAddress(`http://${hostPort}`, isOwned);
  const client = new Client(hostPort, credentials.createInsecure(), { 'grpc.enable_retries': 0 });
  const deadline = Date.now() + TIMEOUT_MS;
  try {
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(deadline, (cause) =>
        cause === undefined
          ? resolve()
          : reject(new Refused(`nothing at ${hostPort} speaks gRPC without TLS`, { cause })),
      );
    });
    // No log takes an entry that is not there, and only a log says so in this way.
    const error = await callEmpty(client, deadline);
    if (error?.details.includes(FROZEN)) throw new Refused(`the log at ${hostPort} is frozen: it takes nothing more`);
    if (error?.code !== INVALID_ARGUMENT) {
      throw new Refused(`${hostPort} is no Rekor v2 log: ${CREATE_ENTRY} of nothing answers ${error?.code ?? 0}`);
    }
  } finally {
    client.close();
  }
}

function callEmpty(client: Client, deadline: number): Promise<ServiceError | null> {
  const raw = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(CREATE_ENTRY, raw, raw, Buffer.alloc(0), { deadline }, (error) => resolve(error));
  });
}
