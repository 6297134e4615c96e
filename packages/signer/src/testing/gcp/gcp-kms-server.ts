import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { FaultSwitch, SLOW_MS } from '../fault-switch.ts';
import { breakablePort } from './breakable-port.ts';
import { faultyAnswer } from './gcp-faulty-answer.ts';
import { GcpTestKeys } from './gcp-keys.ts';
import { type GcpAnswer, type GcpRequest, GcpStatus, gcpMethods } from './gcp-methods.ts';
import { keyManagementService, type RawAnswer } from './gcp-proto.ts';

/** A server of the API of Google Cloud KMS, in this process. */
export interface GcpKmsServer {
  /** For `gcpEndpoint`. */
  readonly endpoint: string;
  readonly keys: GcpTestKeys;
  readonly faults: FaultSwitch;
  /** The calls so far, by method. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

type Handler = (
  call: ServerUnaryCall<GcpRequest, GcpAnswer | RawAnswer>,
  callback: sendUnaryData<GcpAnswer | RawAnswer>,
) => Promise<void>;

/** Starts a server on the loopback interface, in the clear. */
export async function startGcpKmsServer(): Promise<GcpKmsServer> {
  const keys = new GcpTestKeys();
  const faults = new FaultSwitch();
  const calls: string[] = [];
  let breakConnections = (): void => {};
  const handler = (method: string): Handler => {
    return async ({ request }, callback) => {
      calls.push(method);
      const fault = faults.take();
      if (fault === 'silent') return;
      if (fault === 'reset') return breakConnections();
      if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      try {
        callback(null, faultyAnswer(fault, method, request, keys));
      } catch (error) {
        if (!(error instanceof GcpStatus)) throw error;
        callback({ code: error.code, details: error.message });
      }
    };
  };
  const server = new Server();
  server.addService(
    Object.fromEntries(Object.entries(keyManagementService()).filter(([method]) => method in gcpMethods)),
    Object.fromEntries(Object.keys(gcpMethods).map((method) => [method, handler(method)])),
  );
  const outside = await breakablePort(await listen(server));
  breakConnections = () => outside.reset();
  return {
    endpoint: `http://127.0.0.1:${outside.port}`,
    keys,
    faults,
    calls,
    close: async () => {
      server.forceShutdown();
      await outside.close();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  );
}
