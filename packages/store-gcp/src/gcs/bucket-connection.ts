import { LogError } from '@tilewright/log';
import type { Clock, Entropy } from '@tilewright/log/ports';
import { GcpError } from '../gcp-error.ts';
import type { BucketPlace } from '../place/bucket-place.ts';
import { type Patience, retrying } from '../retrying.ts';
import { BucketRequests } from './bucket-requests.ts';
import { dialectOf } from './emulator.ts';
import { GcsFailure } from './gcs-failure.ts';
import { OperationCounter, type OperationCounts } from './operation-counts.ts';
import { openStorageSdk } from './storage-sdk.ts';

/** What a connection is made with. */
export interface BucketWorld extends Pick<Patience, 'patienceMs' | 'onRetry'> {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Milliseconds that one try of a call may take; 30,000 unless given. */
  readonly callTimeoutMs?: number | undefined;
}

/** Enough for 16 MiB, the largest bundle, over a slow line. Milliseconds. */
const CALL_MS = 30_000;
/** How long the bucket may take to answer for the first time, milliseconds. */
const CONNECT_MS = 30_000;

/** What a call is about, for its errors, and how it is bounded. */
export interface Calling {
  /** As in 'could not ...'. */
  readonly what: string;
  /** Of the object within the log. */
  readonly path?: string;
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number;
}

/** One bucket, as one process uses it. Objects and checkpoints share it. */
export class BucketConnection {
  readonly place: BucketPlace;
  readonly clock: Clock;
  readonly #world: BucketWorld;
  readonly #requests: BucketRequests;
  readonly #operations: OperationCounter;
  readonly #closed = new AbortController();

  constructor(place: BucketPlace, world: BucketWorld, requests: BucketRequests, operations: OperationCounter) {
    this.place = place;
    this.clock = world.clock;
    this.#world = world;
    this.#requests = requests;
    this.#operations = operations;
  }

  /** What was asked of Cloud Storage so far. */
  get operations(): OperationCounts {
    return this.#operations.counts;
  }

  /** The name in the bucket of an object of the log. */
  nameOf(path: string): string {
    return `${this.place.prefix}${path}`;
  }

  /**
   * Runs idempotent requests until they succeed, as {@link retrying} says. What does not pass throws `LogError`:
   * 'aborted' when the signal fired, 'closing' after {@link close}, else 'storage-failed'.
   */
  async run<T>(how: Calling, call: (requests: BucketRequests) => Promise<T>): Promise<T> {
    const { signal } = how;
    const patience: Patience = {
      clock: this.#world.clock,
      entropy: this.#world.entropy,
      onRetry: this.#world.onRetry,
      patienceMs: how.patienceMs ?? this.#world.patienceMs,
      signal: signal === undefined ? this.#closed.signal : AbortSignal.any([this.#closed.signal, signal]),
    };
    return retrying(how.what, () => call(this.#requests), patience, {
      isTransient: (error) => error instanceof GcsFailure && error.isTransient,
      asFailure: (cause) => this.#asFailure(how, cause),
    });
  }

  /** Breaks off what is under way; later calls fail. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#requests.close();
  }

  #asFailure({ what, path, signal }: Calling, cause: unknown): LogError {
    const detail = { cause, ...(path !== undefined && { path }) };
    if (signal?.aborted === true) return new LogError('aborted', `to ${what} was called off`, detail);
    if (this.#closed.signal.aborted) {
      return new LogError('closing', `could not ${what}: the connection to the bucket is closed`, detail);
    }
    const why = cause instanceof Error ? cause.message : 'unknown error';
    return new LogError('storage-failed', `could not ${what} in the bucket ${this.place.bucket}: ${why}`, detail);
  }
}

/**
 * Connects to a bucket that is there. `world.onRetry` hears of each failure that is tried again. Throws {@link GcpError}
 * 'no-place' when there is no such bucket, 'denied' without credentials that allow to list its objects, 'unreachable'
 * when there is no answer for 30 s, 'failed' when it refuses for another reason.
 */
export async function connectBucket(place: BucketPlace, world: BucketWorld): Promise<BucketConnection> {
  const dialect = dialectOf(place);
  const { clock, entropy, callTimeoutMs = CALL_MS } = world;
  const sdk = await openStorageSdk(place, dialect, callTimeoutMs);
  const operations = new OperationCounter();
  const requests = new BucketRequests({ place, dialect, sdk, clock, entropy, operations, callTimeoutMs });
  const { signal } = new AbortController();
  const patience = { clock, entropy, signal, patienceMs: world.patienceMs ?? CONNECT_MS, onRetry: world.onRetry };
  try {
    await retrying('connect to the bucket', () => requests.list(place.prefix, 1), patience, {
      isTransient: (error) => error instanceof GcsFailure && error.isTransient && error.status !== 401,
      asFailure: (cause) => refusal(place, dialect.endpoint, cause),
    });
  } catch (error) {
    requests.close();
    throw error;
  }
  return new BucketConnection(place, world, requests, operations);
}

function refusal({ bucket }: BucketPlace, endpoint: string, cause: unknown): GcpError {
  const { status, isTransient, message } = cause instanceof GcsFailure ? cause : toFailure(cause);
  if (status === 404) {
    return new GcpError('no-place', `there is no bucket ${bucket} at ${endpoint}: make it first`, { cause });
  }
  if (status === 401 || status === 403) {
    const role = 'roles/storage.objectUser';
    return new GcpError('denied', `the bucket ${bucket} may not be used; grant ${role} on it: ${message}`, { cause });
  }
  if (isTransient)
    return new GcpError('unreachable', `Cloud Storage at ${endpoint} does not answer: ${message}`, { cause });
  const isCredentials = /credentials/i.test(message);
  const code = isCredentials ? 'denied' : 'failed';
  return new GcpError(code, `the bucket ${bucket} cannot be used: ${message}`, { cause });
}

function toFailure(cause: unknown): GcsFailure {
  const message = cause instanceof Error ? cause.message : 'unknown error';
  return new GcsFailure(message, { isTransient: false, cause });
}
