import type { protos, v1 } from '@google-cloud/spanner';
import type { Row } from './cells.ts';
import { joinChunks } from './join-chunks.ts';
import { isSessionLost } from './status.ts';

type Api = typeof protos.google.spanner.v1;
type ReadRequest = protos.google.spanner.v1.IReadRequest;
export type Mutation = protos.google.spanner.v1.IMutation;
export type KeySet = protos.google.spanner.v1.IKeySet;
export type TransactionSelector = protos.google.spanner.v1.ITransactionSelector;
export type PrecommitToken = protos.google.spanner.v1.IMultiplexedSessionPrecommitToken;
export type CommitResponse = InstanceType<Api['CommitResponse']> | protos.google.spanner.v1.ICommitResponse;

/** What is read: rows of one table by key. */
export interface ReadSpec {
  readonly table: string;
  readonly columns: readonly string[];
  readonly keys: KeySet;
}

/** What a read gave. */
export interface ReadAnswer {
  readonly rows: readonly Row[];
  readonly metadata: protos.google.spanner.v1.ITransaction | null | undefined;
  readonly precommitToken: PrecommitToken | null | undefined;
}

/** Calls made, whether or not they succeeded, by what they are billed as. */
export interface SpannerOperations {
  /** Reads, those within transactions and those that stream included. */
  readonly reads: number;
  readonly commits: number;
  readonly rollbacks: number;
  readonly sessions: number;
}

/** How calls are made. */
export interface CallOptions {
  /** The full name of the database. */
  readonly database: string;
  /** Milliseconds that one call may take. */
  readonly timeoutMs: number;
  /** The session serves any number of transactions at a time. */
  readonly multiplexed: boolean;
  /** Fires when calls under way are to end. */
  readonly signal: AbortSignal;
}

/**
 * Single calls of Spanner, each made once: bounded in time, never repeated by the SDK. They share one session, which is
 * made when it is first needed and anew when the service has forgotten it.
 */
export class SpannerCalls {
  readonly #client: v1.SpannerClient;
  readonly #options: CallOptions;
  readonly #counts = { reads: 0, commits: 0, rollbacks: 0, sessions: 0 };
  #session: Promise<string> | undefined;

  constructor(client: v1.SpannerClient, options: CallOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** So far; a later call does not change it. */
  get counts(): SpannerOperations {
    return { ...this.#counts };
  }

  /** Rows of less than 10 MiB in all. */
  async read(
    spec: ReadSpec,
    transaction: TransactionSelector,
    more: Pick<ReadRequest, 'lockHint'> = {},
  ): Promise<ReadAnswer> {
    this.#counts.reads += 1;
    return this.#inSession(async (session) => {
      const request = { session, ...readRequest(spec), transaction, ...more };
      const [answer] = await this.#client.read(request, this.#call());
      return {
        rows: (answer.rows ?? []).map(({ values }) => values ?? []),
        metadata: answer.metadata?.transaction,
        precommitToken: answer.precommitToken,
      };
    });
  }

  /** Rows of any length, one after the other; whoever stops listening stops the call. Columns are of scalar types. */
  async *stream(spec: ReadSpec, transaction: TransactionSelector): AsyncGenerator<Row> {
    this.#counts.reads += 1;
    const session = await this.#sessionName();
    const stream = this.#client.streamingRead({ session, ...readRequest(spec), transaction }, this.#call());
    const stop = (): void => void stream.destroy();
    this.#options.signal.addEventListener('abort', stop, { once: true });
    try {
      yield* joinChunks(stream as AsyncIterable<protos.google.spanner.v1.IPartialResultSet>, spec.columns.length);
      // A stream that is stopped ends as one does that has no more to say.
      this.#options.signal.throwIfAborted();
    } catch (error) {
      if (isSessionLost(error)) this.#forget(session);
      throw error;
    } finally {
      this.#options.signal.removeEventListener('abort', stop);
      stop();
    }
  }

  /** Commits a transaction that a read began. */
  async commit(
    transactionId: Uint8Array,
    mutations: Mutation[],
    token: PrecommitToken | undefined,
  ): Promise<CommitResponse> {
    this.#counts.commits += 1;
    return this.#inSession(async (session) => {
      const request = { session, transactionId, mutations, ...(token && { precommitToken: token }) };
      return (await this.#client.commit(request, this.#call()))[0];
    });
  }

  /** Commits mutations that may be applied twice, in a transaction of their own. */
  async write(mutations: Mutation[]): Promise<CommitResponse> {
    this.#counts.commits += 1;
    return this.#inSession(async (session) => {
      const request = { session, singleUseTransaction: { readWrite: {} }, mutations };
      return (await this.#client.commit(request, this.#call()))[0];
    });
  }

  /** Lets the locks of a transaction go. Best effort: what is not rolled back is forgotten by the service. */
  async rollback(transactionId: Uint8Array): Promise<void> {
    this.#counts.rollbacks += 1;
    await this.#inSession((session) => this.#client.rollback({ session, transactionId }, this.#call())).catch(
      () => undefined,
    );
  }

  #call(): object {
    const { database, timeoutMs, signal } = this.#options;
    return {
      timeout: timeoutMs,
      // What is tried again is decided in one place, and it is not the SDK.
      retry: { retryCodes: [] },
      retryRequestOptions: { retries: 0, noResponseRetries: 0 },
      signal,
      otherArgs: { headers: { 'google-cloud-resource-prefix': database, 'x-goog-spanner-route-to-leader': 'true' } },
    };
  }

  async #inSession<T>(call: (session: string) => Promise<T>): Promise<T> {
    const session = await this.#sessionName();
    try {
      return await call(session);
    } catch (error) {
      if (isSessionLost(error)) this.#forget(session);
      throw error;
    }
  }

  #forget(session: string): void {
    const made = this.#session;
    made?.then(
      (name) => {
        if (name === session && this.#session === made) this.#session = undefined;
      },
      () => undefined,
    );
  }

  #sessionName(): Promise<string> {
    if (this.#session !== undefined) return this.#session;
    const made = this.#makeSession();
    this.#session = made;
    made.catch(() => {
      if (this.#session === made) this.#session = undefined;
    });
    return made;
  }

  async #makeSession(): Promise<string> {
    this.#counts.sessions += 1;
    const { database, multiplexed } = this.#options;
    const [session] = await this.#client.createSession({ database, session: { multiplexed } }, this.#call());
    return session.name ?? '';
  }
}

function readRequest({ table, columns, keys }: ReadSpec): ReadRequest {
  return { table, columns: [...columns], keySet: keys };
}
