import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { FaultSwitch, type KmsTestFault, SLOW_MS } from '../fault-switch.ts';
import { TLS_CERTIFICATE, TLS_KEY } from '../tls-certificate.ts';
import { AwsTestKeys } from './aws-keys.ts';
import { type AwsAnswer, AwsException, type AwsRequest, awsOperations } from './aws-operations.ts';

/** A server of the API of AWS KMS, in this process. */
export interface AwsKmsServer {
  /** For `awsEndpoint`. */
  readonly endpoint: string;
  readonly keys: AwsTestKeys;
  readonly faults: FaultSwitch;
  /** The calls so far, by operation. */
  readonly calls: readonly string[];
  /** The requests so far that were answered without an error. */
  readonly requests: readonly AwsRequest[];
  close(): Promise<void>;
}

const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=\S+\/kms\/aws4_request, /;
const OTHER_KEY = `${AwsTestKeys.account}key/00000000-0000-0000-0000-000000000000`;

/**
 * Starts a server on the loopback interface.
 * @param protocol in the clear, or with `TLS_CERTIFICATE`
 */
export async function startAwsKmsServer(protocol: 'http' | 'https' = 'http'): Promise<AwsKmsServer> {
  const keys = new AwsTestKeys();
  const faults = new FaultSwitch();
  const calls: string[] = [];
  const requests: AwsRequest[] = [];
  const answer: RequestListener = async (request, response) => {
    const [, operation = ''] = /^TrentService\.(\w+)$/.exec(String(request.headers['x-amz-target'])) ?? [];
    calls.push(operation);
    const body = await text(request);
    const fault = faults.take();
    if (fault === 'silent') return;
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (fault === 'garbage') return send(response, 200, '<html>no such thing</html>');
    try {
      requireProtocol(request);
      const asked = JSON.parse(body) as AwsRequest;
      send(response, 200, JSON.stringify(faultyAnswer(fault, operation, asked, keys)));
      requests.push(asked);
    } catch (error) {
      if (!(error instanceof AwsException)) throw error;
      send(response, error.status, JSON.stringify({ __type: error.type, message: error.message }));
    }
  };
  const server =
    protocol === 'http' ? createServer(answer) : createTlsServer({ cert: TLS_CERTIFICATE, key: TLS_KEY }, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    endpoint: `${protocol}://${protocol === 'http' ? '127.0.0.1' : 'localhost'}:${address.port}`,
    keys,
    faults,
    calls,
    requests,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function requireProtocol({ method, headers }: IncomingMessage): void {
  const isJson = headers['content-type'] === 'application/x-amz-json-1.1';
  if (method !== 'POST' || !isJson) throw new AwsException('SerializationException', 'not a request of JSON 1.1');
  if (AUTHORIZATION.test(headers.authorization ?? '')) return;
  throw new AwsException('IncompleteSignatureException', 'the request is not signed');
}

function faultyAnswer(
  fault: KmsTestFault | undefined,
  operation: string,
  request: AwsRequest,
  keys: AwsTestKeys,
): AwsAnswer {
  if (fault === 'down') throw new AwsException('KMSInternalException', 'The service is not available.', 500);
  if (fault === 'throttling') throw new AwsException('ThrottlingException', 'Rate exceeded');
  if (fault === 'refusing') {
    throw new AwsException('AccessDeniedException', `User is not authorized to perform: kms:${operation}`);
  }
  if (fault === 'empty') return {};
  const perform = awsOperations[operation];
  if (perform === undefined) throw new AwsException('UnknownOperationException', '');
  const answer = perform(request, keys, fault === 'other-signature');
  return fault === 'other-key' ? { ...answer, KeyId: OTHER_KEY } : answer;
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
}
