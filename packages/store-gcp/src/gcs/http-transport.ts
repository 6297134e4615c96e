import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { concatBytes } from '@tilewright/core/bytes';
import { failureOfConnection, GcsFailure } from './gcs-failure.ts';

/** One request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** An answer whose body has more bytes is cut off, and is `'too-long'`. */
  readonly mostBytes: number;
}

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: Uint8Array | 'too-long';
}

const IDLE_CONNECTIONS = 64;

/**
 * Requests to one endpoint, over connections that stay open. On `node:http` instead of the transport of Google's client
 * library: that one costs three to eight times the processor time a call, tells a truncated answer from a whole one only
 * now and then, and lets nobody call off what is under way.
 */
export class HttpTransport {
  readonly #endpoint: URL;
  readonly #agent: PlainAgent;
  readonly #underWay = new Set<ClientRequest>();
  #isClosed = false;

  constructor(endpoint: string) {
    this.#endpoint = new URL(endpoint);
    const options = { keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS, noDelay: true };
    this.#agent = this.#endpoint.protocol === 'https:' ? new SecureAgent(options) : new PlainAgent(options);
  }

  /**
   * The answer, whatever its status. A connection that breaks, in the middle of the answer too, and a signal that fires
   * throw {@link GcsFailure}: nobody knows then whether the request took effect.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed || signal.aborted) return reject(calledOff(signal.reason));
      const send = this.#endpoint.protocol === 'https:' ? secureRequest : plainRequest;
      const { method, path, body } = request;
      const headers = { ...request.headers, ...(body === undefined ? {} : { 'content-length': `${body.length}` }) };
      const sent = send({
        agent: this.#agent,
        host: this.#endpoint.hostname.replaceAll(/[[\]]/g, ''),
        port: this.#endpoint.port === '' ? undefined : Number(this.#endpoint.port),
        method,
        path,
        headers,
      });
      this.#underWay.add(sent);
      const onAbort = (): void => void sent.destroy(calledOff(signal.reason));
      signal.addEventListener('abort', onAbort, { once: true });
      const settle = (): void => {
        this.#underWay.delete(sent);
        signal.removeEventListener('abort', onAbort);
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error instanceof GcsFailure ? error : failureOfConnection(error));
      };
      sent.on('error', fail);
      sent.on('response', (incoming) => {
        readBody(incoming, request.mostBytes).then((read) => {
          settle();
          const header = (name: string): string | undefined => {
            const value = incoming.headers[name];
            return Array.isArray(value) ? value.join(',') : value;
          };
          resolve({ status: incoming.statusCode ?? 0, header, body: read });
        }, fail);
      });
      sent.end(body);
    });
  }

  /** Breaks off what is under way, and takes no more. */
  close(): void {
    this.#isClosed = true;
    for (const sent of this.#underWay) sent.destroy(calledOff(undefined));
    this.#agent.destroy();
  }
}

function calledOff(reason: unknown): GcsFailure {
  if (reason instanceof GcsFailure) return reason;
  return new GcsFailure('the request was called off', { isTransient: false, cause: reason });
}

function readBody(incoming: IncomingMessage, mostBytes: number): Promise<Uint8Array | 'too-long'> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    incoming.on('data', (part: Uint8Array) => {
      length += part.length;
      parts.push(part);
      if (length <= mostBytes) return;
      incoming.destroy();
      resolve('too-long');
    });
    incoming.on('end', () => resolve(concatBytes(...parts)));
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('the connection broke in the middle of the answer')));
  });
}
