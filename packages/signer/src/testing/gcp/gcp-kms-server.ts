import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { FaultSwitch, SLOW_MS } from '../fault-switch.ts';
import { TLS_CERTIFICATE, TLS_KEY } from '../tls-certificate.ts';
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
  /** The credentials that came with them, where any did. */
  readonly authorizations: readonly string[];
  close(): Promise<void>;
}

type Handler = (
  call: ServerUnaryCall<GcpRequest, GcpAnswer | RawAnswer>,
  callback: sendUnaryData<GcpAnswer | RawAnswer>,
) => Promise<void>;

/**
 * Starts a server on the loopback interface.
 * @param protocol in the clear, or with `TLS_CERTIFICATE`
 */
export async function startGcpKmsServer(protocol: 'http' | 'https' = 'http'): Promise<GcpKmsServer> {
  const keys = new GcpTestKeys();
  const faults = new FaultSwitch();
  const calls: string[] = [];
  const authorizations: string[] = [];
  let breakConnections = (): void => {};
  const handler = (method: string): Handler => {
    return async ({ request, metadata }, callback) => {
      calls.push(method);
      authorizations.push(...metadata.get('authorization').map(String));
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
  const outside = await breakablePort(await listen(server, protocol));
  breakConnections = () => outside.reset();
  return {
    endpoint: `${protocol}://${protocol === 'http' ? '127.0.0.1' : 'localhost'}:${outside.port}`,
    keys,
    faults,
    calls,
    authorizations,
    close: async () => {
      server.forceShutdown();
      await outside.close();
    },
  };
}

function listen(server: Server, protocol: 'http' | 'https'): Promise<number> {
  const pair = { cert_chain: Buffer.from(TLS_CERTIFICATE), private_key: Buffer.from(TLS_KEY) };
  const credentials =
    protocol === 'http' ? ServerCredentials.createInsecure() : ServerCredentials.createSsl(null, [pair]);
  return new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error === null ? resolve(port) : reject(error))),
  );
}
