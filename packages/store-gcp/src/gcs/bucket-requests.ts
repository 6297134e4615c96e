import { concatBytes, encodeHex } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import type { Clock, Entropy } from '@tilewright/log/ports';
import type { BucketPlace } from '../place/bucket-place.ts';
import { matchesHash, md5Of } from './checksums.ts';
import type { Dialect } from './emulator.ts';
import { failureOfCredentials, failureOfLibrary, failureOfStatus, GcsFailure } from './gcs-failure.ts';
import { type HttpAnswer, type HttpRequest, HttpTransport } from './http-transport.ts';
import type { OperationCounter } from './operation-counts.ts';
import type { StorageSdk } from './storage-sdk.ts';

/** The headers under which readers get an object (rekor-api.md 3.4). */
export interface ObjectHeaders {
  readonly contentType: string;
  readonly cacheControl: string;
}

/** What requests are made with. */
export interface RequestParts {
  readonly place: BucketPlace;
  readonly dialect: Dialect;
  readonly sdk: StorageSdk;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly operations: OperationCounter;
  /** How long one try may take, milliseconds. */
  readonly callTimeoutMs: number;
}

/** Of an answer that is no object. */
const MOST_JSON = 65_536;
const GENERATION = /^[1-9]\d{0,18}$/;

/**
 * Single requests of Cloud Storage's JSON API to one bucket, each tried once: what may pass, and what an unknown outcome
 * means, is for the caller to say. Every failure is a {@link GcsFailure}. Names are whole names, prefix included.
 */
export class BucketRequests {
  readonly #parts: RequestParts;
  readonly #transport: HttpTransport;
  readonly #objects: string;
  readonly #uploads: string;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.#transport = new HttpTransport(parts.dialect.endpoint);
    const bucket = encodeURIComponent(parts.place.bucket);
    this.#objects = `/storage/v1/b/${bucket}/o`;
    this.#uploads = `/upload/storage/v1/b/${bucket}/o`;
  }

  /** Stores an object if what is there is of `generation`, '0' being nothing at all. Its new generation, or 'unmet'. */
  async insert(name: string, bytes: Uint8Array, how: ObjectHeaders, generation: string): Promise<string | 'unmet'> {
    this.#parts.operations.add('insert');
    const metadata = { name, ...how, md5Hash: md5Of(bytes) };
    // Nobody who writes entries can know it: it is in no entry.
    const boundary = encodeHex(this.#parts.entropy.token());
    const text = (part: string): Uint8Array => new TextEncoder().encode(part);
    const body = concatBytes(
      text(`--${boundary}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(metadata)}\r\n`),
      text(`--${boundary}\r\ncontent-type: ${how.contentType}\r\n\r\n`),
      bytes,
      text(`\r\n--${boundary}--\r\n`),
    );
    const query = `uploadType=multipart&name=${encodeURIComponent(name)}&ifGenerationMatch=${generation}`;
    const answer = await this.#send({
      method: 'POST',
      path: `${this.#uploads}?${query}&fields=generation`,
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
      body,
      mostBytes: MOST_JSON,
    });
    if (answer.status === 412) return 'unmet';
    if (answer.status !== 200) throw failure(answer);
    return generationIn(answer.body);
  }

  /**
   * An object and its generation, of one answer; `undefined` when it is known to be absent. The bytes are checked against
   * their checksum. An object of more than `mostBytes` throws `LogError` 'corrupt'.
   */
  async get(
    name: string,
    mostBytes: number,
    signal?: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array; readonly generation: string } | undefined> {
    this.#parts.operations.add('get');
    const path = `${this.#objects}/${encodeURIComponent(name)}?alt=media`;
    // Stored as they are: nothing between here and there may pack them, or answer with what it kept.
    const headers = { 'accept-encoding': 'identity', 'cache-control': 'no-cache' };
    const answer = await this.#send({ method: 'GET', path, headers, mostBytes }, signal);
    if (answer.status === 404) return this.#confirmAbsent(name, answer);
    if (answer.status !== 200) throw failure(answer);
    if (answer.body === 'too-long') {
      throw new LogError('corrupt', `${name} has more than ${mostBytes} bytes: put it back from a backup or a mirror`, {
        path: name,
      });
    }
    const generation = answer.header('x-goog-generation');
    if (generation === undefined || !GENERATION.test(generation)) throw odd('the answer names no generation');
    if (!matchesHash(answer.body, answer.header('x-goog-hash'), this.#parts.sdk.crc32c)) {
      throw odd('the bytes that arrived are not those that their checksum tells of');
    }
    return { bytes: answer.body, generation };
  }

  /** Whether an object is there. */
  async isThere(name: string): Promise<boolean> {
    this.#parts.operations.add('metadata');
    const path = `${this.#objects}/${encodeURIComponent(name)}?fields=generation`;
    const answer = await this.#send({ method: 'GET', path, headers: {}, mostBytes: MOST_JSON });
    if (answer.status === 200) return generationIn(answer.body) !== '';
    if (answer.status === 404) return (await this.#confirmAbsent(name, answer)) !== undefined;
    throw failure(answer);
  }

  /** Removes an object, if it is there. */
  async remove(name: string): Promise<void> {
    this.#parts.operations.add('delete');
    const path = `${this.#objects}/${encodeURIComponent(name)}`;
    const answer = await this.#send({ method: 'DELETE', path, headers: {}, mostBytes: MOST_JSON });
    const isDone = answer.status === 204 || answer.status === 200 || answer.status === 404;
    if (!isDone) throw failure(answer);
  }

  /** The names of objects that begin with `prefix`: the first of them up to `most`, or all. */
  async list(prefix: string, most?: number): Promise<readonly string[]> {
    const { sdk, operations } = this.#parts;
    return this.#withinTime(async () => {
      // The library asks without credentials when it finds none, and then it is the bucket that seems to be at fault.
      await this.#credentials();
      try {
        return await sdk.list(prefix, most, () => operations.add('list'));
      } catch (error) {
        throw failureOfLibrary(error);
      }
    });
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#transport.close();
  }

  /** Doubt is no absence: a 404 that does not speak of the object is settled by a listing, which needs the bucket. */
  async #confirmAbsent(name: string, answer: HttpAnswer): Promise<undefined> {
    if (answer.body !== 'too-long' && this.#parts.dialect.namesMissingObject(answer.body)) return undefined;
    if ((await this.list(name, 1))[0] !== name) return undefined;
    throw odd('the answer was 404 for an object that is there');
  }

  async #send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
    return this.#withinTime(async (stop) => {
      const headers = { 'user-agent': 'tilewright', ...request.headers, ...(await this.#credentials()) };
      return this.#transport.send({ ...request, headers }, stop);
    }, signal);
  }

  #credentials(): Promise<Readonly<Record<string, string>>> {
    return this.#parts.sdk.credentials().catch((cause: unknown) => {
      throw failureOfCredentials(cause);
    });
  }

  /** Ends what takes too long, or what the caller's signal calls off. */
  #withinTime<T>(work: (stop: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = new AbortController();
      const over = new AbortController();
      const end = (reason: GcsFailure): void => {
        stop.abort(reason);
        reject(reason);
      };
      const onAbort = (): void => end(new GcsFailure('the request was called off', { isTransient: false }));
      const settle = (): void => {
        over.abort();
        signal?.removeEventListener('abort', onAbort);
      };
      if (signal?.aborted === true) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      work(stop.signal).then(resolve, reject).finally(settle);
      const { clock, callTimeoutMs } = this.#parts;
      void clock.sleep(callTimeoutMs, over.signal).then(() => {
        if (!over.signal.aborted) end(new GcsFailure(`no answer within ${callTimeoutMs} ms`, { isTransient: true }));
      });
    });
  }
}

function failure(answer: HttpAnswer): GcsFailure {
  return failureOfStatus(answer.status, answer.body === 'too-long' ? new Uint8Array(0) : answer.body);
}

/** The answer of a broken proxy, or half an answer: what it speaks of may have happened all the same. */
function odd(message: string): GcsFailure {
  return new GcsFailure(message, { isTransient: true });
}

function generationIn(body: Uint8Array | 'too-long'): string {
  try {
    const parsed: unknown = body === 'too-long' ? undefined : JSON.parse(new TextDecoder().decode(body));
    const { generation } = parsed as { readonly generation?: unknown };
    if (typeof generation === 'string' && GENERATION.test(generation)) return generation;
  } catch {
    // Said below.
  }
  throw odd('the answer names no generation');
}
