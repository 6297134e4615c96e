import { Agent, request } from 'node:http';
import { asHash } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { verifyInclusion } from '@tilewright/core/merkle';
import { type EntryMaker, type EntryParts, entryJson } from '../requests/entry-request.ts';
import { canonicalBody } from './canonical-body.ts';
import type { Ledger } from './ledger.ts';
import type { CheckpointReader } from './observer.ts';

/** Writers that submit one entry after another, and remember what the server still owes an answer to. */
export class Writers {
  readonly #maker: EntryMaker;
  readonly #ledger: Ledger;
  readonly #checkpoints: CheckpointReader;
  /** Requests that were under way when the server died: sent again first. */
  #unsettled: EntryParts[] = [];
  /** Answers by status. */
  readonly answers: Map<number, number> = new Map();

  constructor(maker: EntryMaker, ledger: Ledger, checkpoints: CheckpointReader) {
    this.#maker = maker;
    this.#ledger = ledger;
    this.#checkpoints = checkpoints;
  }

  /** Keeps `count` submissions under way until `signal`, or until the server is gone. */
  async run(port: number, count: number, signal: AbortSignal): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: count });
    const retries = this.#unsettled;
    this.#unsettled = [];
    const one = async (): Promise<void> => {
      while (!signal.aborted) {
        const parts = retries.pop() ?? this.#maker.make(Math.random() < 0.5);
        try {
          const answer = await post(port, agent, entryJson(parts));
          this.answers.set(answer.status, (this.answers.get(answer.status) ?? 0) + 1);
          this.#judge(parts, answer);
        } catch {
          this.#unsettled.push(parts);
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: count }, () => one()));
    this.#unsettled.push(...retries);
    agent.destroy();
  }

  #judge(parts: EntryParts, answer: PostAnswer): void {
    const body = canonicalBody(parts);
    const leaf = leafHash(body);
    if (answer.status === 201) this.#judgeCreated(JSON.parse(answer.body) as LogEntry, body);
    else if (answer.status === 409) this.#ledger.acknowledge(Number(answer.logIndex), leaf);
    else if (answer.status !== 503)
      this.#ledger.violate(`a good request was answered ${answer.status}: ${answer.body}`);
  }

  #judgeCreated(entry: LogEntry, body: Buffer): void {
    const index = Number(entry.logIndex);
    if (entry.canonicalizedBody !== body.toString('base64')) this.#ledger.violate(`index ${index}: another body`);
    const proof = entry.inclusionProof;
    try {
      const tree = this.#checkpoints.open(Buffer.from(proof.checkpoint.envelope));
      const hashes = proof.hashes.map((hash) => asHash(Buffer.from(hash, 'base64')));
      verifyInclusion(leafHash(body), index, tree, hashes);
    } catch (error) {
      this.#ledger.violate(`index ${index}: ${error instanceof Error ? error.message : error}`);
    }
    this.#ledger.acknowledge(index, leafHash(body));
  }
}

interface PostAnswer {
  readonly status: number;
  readonly logIndex: string | undefined;
  readonly body: string;
}

/** The fields of TransparencyLogEntry that are judged. */
interface LogEntry {
  readonly logIndex: string;
  readonly canonicalizedBody: string;
  readonly inclusionProof: { readonly hashes: readonly string[]; readonly checkpoint: { readonly envelope: string } };
}

function post(port: number, agent: Agent, body: string): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const path = '/api/v2/log/entries';
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const call = request({ host: '127.0.0.1', port, path, agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject);
      response.on('aborted', () => reject(new Error('the server is gone')));
      response.on('end', () => {
        const logIndex = response.headers['x-log-index'];
        resolve({ status: response.statusCode ?? 0, logIndex: logIndex?.toString(), body: text });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
