import { setMaxListeners } from 'node:events';
import type { v1 } from '@google-cloud/spanner';
import { LogError } from '@tilewright/log';
import type { Clock, Entropy } from '@tilewright/log/ports';
import { GcpError } from '../gcp-error.ts';
import type { SpannerPlace } from '../place/spanner-path.ts';
import { formatSpannerPath } from '../place/spanner-path.ts';
import { type Patience, type RetryRules, retrying } from '../retrying.ts';
import { DatabaseClock } from './database-clock.ts';
import type { Peculiarities } from './emulator.ts';
import { type Row, timestampMs } from './rpc/cells.ts';
import { type Mutation, type ReadSpec, SpannerCalls, type SpannerOperations } from './rpc/spanner-calls.ts';
import { isPassing, wordsOf } from './rpc/status.ts';
import { type Decision, transact } from './rpc/transact.ts';

/** What a connection is made with. */
export interface SpannerWorld {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** A call is about to be tried for the `attempt`-th time. */
  readonly onRetry?: Patience['onRetry'];
  /** Milliseconds that one call may take; 10,000 unless given. */
  readonly callTimeoutMs?: number | undefined;
  /** Milliseconds after which a failure that might pass is final; as in `retrying` unless given. */
  readonly patienceMs?: number | undefined;
}

/** Rows as of one moment, the database's. */
export interface Snapshot {
  readonly rows: readonly Row[];
  /** Names the moment for further reads of the same snapshot. */
  readonly readTimestamp: NonNullable<Parameters<typeof timestampMs>[0]>;
}

/** One process's way to a database: few calls, each counted on, none made behind its back. */
export class SpannerConnection {
  readonly place: SpannerPlace;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** The database's own time, as far as its answers told. */
  readonly time: DatabaseClock;
  readonly #client: v1.SpannerClient;
  readonly #calls: SpannerCalls;
  readonly #oneByOne: Peculiarities['oneByOne'];
  readonly #closing = new AbortController();
  readonly #patience: Patience;
  /** What a failure is to the engine. */
  readonly #rules: RetryRules = { isTransient: isPassing, asFailure: (error) => this.failure(error) };

  constructor(client: v1.SpannerClient, place: SpannerPlace, world: SpannerWorld, own: Peculiarities) {
    const { clock, entropy, onRetry, callTimeoutMs = 10_000, patienceMs } = world;
    this.place = place;
    this.clock = clock;
    this.entropy = entropy;
    this.time = new DatabaseClock(clock);
    // Each call under way listens.
    setMaxListeners(0, this.#closing.signal);
    this.#client = client;
    this.#oneByOne = own.oneByOne;
    this.#patience = { clock, entropy, signal: this.#closing.signal, patienceMs, onRetry };
    this.#calls = new SpannerCalls(client, {
      database: formatSpannerPath(place),
      timeoutMs: callTimeoutMs,
      multiplexed: own.multiplexed,
      signal: this.#closing.signal,
    });
  }

  /** What was asked of Spanner so far. */
  get operations(): SpannerOperations {
    return this.#calls.counts;
  }

  /** The full name of a table. */
  table(name: string): string {
    return `${this.place.tablePrefix}${name}`;
  }

  /** Fires when the connection is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Strong: all that was committed before it began. One call. */
  async read(spec: ReadSpec): Promise<Snapshot> {
    const { rows, metadata } = await this.#calls.read(this.#named(spec), {
      singleUse: { readOnly: { strong: true, returnReadTimestamp: true } },
    });
    const readTimestamp = metadata?.readTimestamp;
    if (!readTimestamp) throw new GcpError('failed', 'Spanner did not say of which moment its answer is');
    this.time.told(timestampMs(readTimestamp));
    return { rows, readTimestamp };
  }

  /** Rows of any length as of the moment of `snapshot`. One call, which ends when nobody listens any more. */
  readAt({ readTimestamp }: Snapshot, spec: ReadSpec): AsyncGenerator<Row> {
    return this.#calls.stream(this.#named(spec), { singleUse: { readOnly: { readTimestamp } } });
  }

  /**
   * Reads `spec` under a lock, asks `decide` what to write and commits that: two calls. `decide` may be asked again, and
   * MUST NOT do anything but answer. A commit of which nobody knows what became throws `UnknownCommit`.
   */
  transact<T>(spec: ReadSpec, decide: (rows: readonly Row[]) => Decision<T>): Promise<T> {
    return transact(this.#calls, this.#named(spec), decide, {
      oneByOne: this.#oneByOne,
      clock: this.clock,
      entropy: this.entropy,
      signal: this.#closing.signal,
      committed: (ms) => this.time.told(ms),
    });
  }

  /** Writes what may be written twice. One call. */
  async write(mutations: Mutation[]): Promise<void> {
    await this.#oneByOne(() => this.#calls.write(mutations));
  }

  /** Runs what is idempotent until it succeeds; see `retrying`. What fails for good is a `LogError` unless `rules` say otherwise. */
  retry<T>(what: string, call: () => Promise<T>, rules: RetryRules = this.#rules, patienceMs?: number): Promise<T> {
    return retrying(what, call, patienceMs === undefined ? this.#patience : { ...this.#patience, patienceMs }, rules);
  }

  /** What a failure for good is to the engine: 'closing' after {@link close}, else 'storage-failed'. */
  failure(cause: unknown): LogError {
    if (cause instanceof LogError) return cause;
    if (this.#closing.signal.aborted) return new LogError('closing', 'the connection to Spanner is closed', { cause });
    return new LogError('storage-failed', `Spanner failed: ${wordsOf(cause)}`, { cause });
  }

  /** Ends every call under way, and lets the process exit. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new LogError('closing', 'the connection to Spanner is closed'));
    await this.#client.close();
  }

  #named(spec: ReadSpec): ReadSpec {
    return { ...spec, table: this.table(spec.table) };
  }
}
