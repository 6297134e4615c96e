import { connect } from 'node:net';
import { fromJsonString, toBinary } from '@bufbuild/protobuf';
import { Client, credentials } from '@grpc/grpc-js';
import { CreateEntryRequestSchema } from '@tilewright/rekor-proto';
import type { Endpoint } from '../../hammer/net/endpoint.ts';
import { Refused } from '../../hammer/refused.ts';
import { resolveAddress } from '../../hammer/target/address.ts';
import { EntryMaker, entryJson } from '../../requests/entry-request.ts';

const CREATE_ENTRY = '/dev.sigstore.rekor.v2.Rekor/CreateEntry';
const TIMEOUT_MS = 10_000;
const OK = 0;
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const UNIMPLEMENTED = 12;
const UNAVAILABLE = 14;

/**
 * Looks for the write service at `HOST:PORT`, and sees that it takes entries, by writing one.
 * @throws Refused saying what is there instead
 */
export async function requireGrpc(hostPort: string, isOwned: boolean): Promise<Endpoint> {
  const endpoint = await resolveAddress(`http://${hostPort}`, isOwned);
  await requireListener(endpoint.address, endpoint.port, hostPort);
  // No log takes an entry that is not there, and only a log says so in this way.
  const empty = await callCreate(hostPort, new Uint8Array());
  if (empty === UNAVAILABLE || empty === DEADLINE_EXCEEDED) {
    throw new Refused(`what listens at ${hostPort} does not speak gRPC without TLS, or is not ready`);
  }
  if (empty !== INVALID_ARGUMENT) {
    throw new Refused(`${hostPort} is no Rekor v2 log: ${CREATE_ENTRY} of nothing answers ${empty}`);
  }
  const entry = fromJsonString(CreateEntryRequestSchema, entryJson(new EntryMaker(new Date()).make(false)));
  const code = await callCreate(hostPort, toBinary(CreateEntryRequestSchema, entry));
  if (code === UNIMPLEMENTED) {
    throw new Refused(`the log at ${hostPort} takes no entries: it answers UNIMPLEMENTED, as a frozen log does`);
  }
  if (code !== OK) throw new Refused(`${hostPort} does not take a good entry: it answers ${code}`);
  return endpoint;
}

function requireListener(host: string, port: number, hostPort: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const fail = (cause?: Error): void => {
      socket.destroy();
      reject(new Refused(`nothing listens at ${hostPort}`, { cause }));
    };
    socket.once('error', fail);
    socket.once('timeout', () => fail());
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

/** The status code of one call. */
function callCreate(hostPort: string, message: Uint8Array): Promise<number> {
  const client = new Client(hostPort, credentials.createInsecure(), { 'grpc.enable_retries': 0 });
  const raw = (bytes: Buffer): Buffer => bytes;
  const deadline = Date.now() + TIMEOUT_MS;
  return new Promise((resolve) => {
    client.makeUnaryRequest(CREATE_ENTRY, raw, raw, Buffer.from(message), { deadline }, (error) => {
      client.close();
      resolve(error?.code ?? OK);
    });
  });
}
