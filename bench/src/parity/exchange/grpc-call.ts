import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Answer, GrpcRow } from '../row.ts';

const DEADLINE_MS = 30_000;

/**
 * Makes one unary call with grpc-js, as a client of the service would, the messages passed as bytes.
 * Compared: `status` (code), `message` (of an error), each `metadata:name`, and `response` (hex).
 */
export function callUnary(port: number, row: GrpcRow): Promise<Answer> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
  });
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(row.metadata ?? {})) metadata.set(name, value);
  const fields: Record<string, string> = {};
  const raw = (bytes: Buffer): Buffer => bytes;
  return new Promise<Answer>((resolve) => {
    const message = Buffer.from(row.message);
    const options = { deadline: Date.now() + DEADLINE_MS };
    const call = client.makeUnaryRequest(row.method, raw, raw, message, metadata, options, onAnswer);
    call.on('metadata', (received: Metadata) => keepMetadata(fields, received));
    call.on('status', (status) => {
      keepMetadata(fields, status.metadata);
      client.close();
      resolve(fields);
    });
    function onAnswer(error: ServiceError | null, response?: Buffer): void {
      fields.status = String(error?.code ?? 0);
      if (error !== null) fields.message = plainSpaces(error.details);
      if (response !== undefined) fields.response = response.toString('hex');
    }
  });
}

/** Go's protobuf writes its prefix with a no-break space in some builds. */
export function plainSpaces(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}

function keepMetadata(fields: Record<string, string>, metadata: Metadata): void {
  for (const [name, value] of Object.entries(metadata.getMap())) {
    if (name === 'content-type' || name === 'date') continue;
    fields[`metadata:${name}`] = typeof value === 'string' ? value : value.toString('base64');
  }
}
