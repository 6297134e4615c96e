import { Agent, request } from 'node:http';
import { ENTRIES_PATH } from '../../parity/exchange/http-request.ts';
import type { WriteAnswer } from './answer.ts';

const TIMEOUT_MS = 30_000;
const DUPLICATE = 409;

/** Submits entries over HTTP, on connections that are kept. */
export class HttpClient {
  readonly #port: number;
  readonly #agent: Agent;

  constructor(port: number, connections: number) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Rejects when no whole answer comes. */
  submit(body: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<WriteAnswer> {
    return new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: this.#port,
        path: ENTRIES_PATH,
        agent: this.#agent,
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers },
        timeout: TIMEOUT_MS,
      };
      const call = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const known = response.headers['x-log-index'];
          const text = Buffer.concat(chunks).toString('utf8');
          resolve(readAnswer(response.statusCode ?? 0, typeof known === 'string' ? known : undefined, text));
        });
      });
      call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      call.on('error', reject);
      call.end(body);
    });
  }

  /** Closes every connection. */
  close(): void {
    this.#agent.destroy();
  }
}

/** The fields of TransparencyLogEntry that are judged. */
interface EntryJson {
  readonly logIndex?: string;
  readonly canonicalizedBody?: string;
  readonly inclusionProof?: {
    readonly hashes?: readonly string[];
    readonly treeSize: string;
    readonly rootHash: string;
    readonly checkpoint: { readonly envelope: string };
  };
}

/** Of an entry, or of google.rpc.Status; a duplicate has the entry that was there in its details. */
interface AnswerJson extends EntryJson {
  readonly message?: string;
  readonly details?: readonly EntryJson[];
}

/** Reads the JSON of an answer; `knownIndex` is the value of x-log-index. */
export function readAnswer(status: number, knownIndex: string | undefined, text: string): WriteAnswer {
  const json: AnswerJson = text.startsWith('{') ? JSON.parse(text) : { message: text };
  const entry = status === DUPLICATE ? json.details?.[0] : json;
  const index = json.logIndex ?? knownIndex;
  const base64 = (value: string): Buffer => Buffer.from(value, 'base64');
  const proof = entry?.inclusionProof;
  return {
    transport: 'http',
    status,
    message: json.message,
    index: index === undefined ? undefined : Number(index),
    body: entry?.canonicalizedBody === undefined ? undefined : base64(entry.canonicalizedBody),
    proof: proof && {
      hashes: (proof.hashes ?? []).map(base64),
      treeSize: Number(proof.treeSize),
      rootHash: base64(proof.rootHash),
      checkpoint: Buffer.from(proof.checkpoint.envelope),
    },
  };
}
