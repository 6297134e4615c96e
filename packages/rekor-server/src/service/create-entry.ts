import { MAX_ENTRY_SIZE } from '@tilewright/core/tiles';
import { type Expectation, type Leaving, type Log, LogError, type Receipt } from '@tilewright/log';
import type { EntryRequest, PreparedEntry, RefusedEntry } from '@tilewright/rekor-entry';
import type { ServerLog } from '../logging/server-log.ts';
import type { ServerMetrics } from '../metrics/server-metrics.ts';
import { FROM_LOG_ERROR, failure, STATUS } from '../status.ts';
import { type EntryPreparer, PrepareError } from './entry-preparer.ts';
import { abortSignalOf } from './leave-signal.ts';
import type { LogEntry } from './log-entry.ts';
import type { ServiceError } from './service-error.ts';

/** The part of a log that the service uses. */
export type EntryLog = Pick<Log, 'expect' | 'add' | 'prove'>;

/** What the service is made of. */
export interface ServiceDeps {
  /** `undefined` serves a read-only log: every request that can be read is answered with 'frozen'. */
  readonly log: EntryLog | undefined;
  readonly preparer: EntryPreparer;
  /** What a submission of an entry that the log holds gets: an error that names it, or the entry itself. */
  readonly onDuplicate: 'reject' | 'return';
  readonly metrics: ServerMetrics;
  readonly serverLog: ServerLog;
}

/** What a transport knows about a call. */
export interface Call {
  /** Aborted with reason 'deadline-exceeded' or 'canceled'; lets go of this request alone. */
  readonly signal: Leaving;
  /** The request's trace id, made only when a log line needs it. */
  traceId(): string;
}

/** A created entry; `existing` when the log held it before and the service was told to return it. */
export interface CreatedEntry {
  readonly ok: true;
  readonly entry: LogEntry;
  readonly existing: boolean;
}

/** Existing entries that are proven from tiles at one time; beyond it a duplicate is answered without its entry. */
const MAX_PROOFS_IN_FLIGHT = 64;

/** The service, without any transport: from the bytes of a request to an entry in a published checkpoint, or a typed failure. */
export class EntryService {
  readonly #deps: ServiceDeps;
  #proving = 0;

  constructor(deps: ServiceDeps) {
    this.#deps = deps;
  }

  /** Never rejects. The answer comes only when a *published* checkpoint covers the entry. */
  async createEntry(request: EntryRequest, call: Call): Promise<CreatedEntry | ServiceError> {
    const expectation = this.#deps.log?.expect();
    try {
      return await this.#create(request, call, expectation);
    } catch (error) {
      return this.#unexpected(error, call);
    } finally {
      expectation?.cancel();
    }
  }

  async #create(
    request: EntryRequest,
    call: Call,
    expectation: Expectation | undefined,
  ): Promise<CreatedEntry | ServiceError> {
    const { log, preparer, metrics } = this.#deps;
    const prepared = await preparer.prepare(request);
    // The order of rekor-tiles: a request that cannot be read is told so even when it is late or the log is frozen.
    if (!prepared.ok && prepared.code === 'malformed-request') return this.#refused(prepared, call);
    if (call.signal.aborted) return this.#aborted(call);
    if (log === undefined) return failure('frozen');
    if (!prepared.ok) return this.#refused(prepared, call);
    if (prepared.body.length > MAX_ENTRY_SIZE) {
      this.#deps.serverLog.warn('entry too large', { bytes: prepared.body.length, trace: call.traceId() });
      return failure('entry-too-large');
    }
    const { body, leafHash, kind, version } = prepared;
    const receipt = await log.add({ data: body, leafHash }, { signal: call.signal, expectation });
    if (receipt.duplicate || receipt.proof === undefined) return this.#duplicate(log, prepared, receipt, call);
    metrics.newEntries[kind].value += 1;
    const { index, publication, proof } = receipt;
    return { ok: true, existing: false, entry: { index, kind, version, body, publication, proof } };
  }

  async #duplicate(
    log: EntryLog,
    prepared: PreparedEntry,
    receipt: Receipt,
    call: Call,
  ): Promise<CreatedEntry | ServiceError> {
    const existing = await this.#existing(log, prepared, receipt.index, call);
    if (existing !== undefined && this.#deps.onDuplicate === 'return')
      return { ok: true, existing: true, entry: existing };
    const message = `${STATUS.duplicate.message} with index ${receipt.index}`;
    return { ok: false, code: 'duplicate', message, index: receipt.index, existing };
  }

  /** The entry as the log holds it, or nothing: its absence spoils no answer. */
  async #existing(log: EntryLog, prepared: PreparedEntry, index: number, call: Call): Promise<LogEntry | undefined> {
    if (this.#proving >= MAX_PROOFS_IN_FLIGHT) return undefined;
    this.#proving += 1;
    try {
      const { entry, proof, publication } = await log.prove(index, abortSignalOf(call.signal));
      return { index, kind: prepared.kind, version: prepared.version, body: entry, publication, proof };
    } catch (error) {
      if (call.signal.aborted) return undefined;
      const why = error instanceof Error ? error.message : String(error);
      this.#deps.serverLog.error('existing entry cannot be proven', { index, error: why, trace: call.traceId() });
      return undefined;
    } finally {
      this.#proving -= 1;
    }
  }

  #refused(refusal: RefusedEntry, call: Call): ServiceError {
    const { code: reason, message, detail, grpcCode } = refusal;
    this.#deps.serverLog.warn(message, { reason, error: detail, trace: call.traceId() });
    const code = grpcCode === STATUS['undecodable-message'].grpc ? 'undecodable-message' : 'invalid-request';
    return { ok: false, code, message, reason, detail };
  }

  #unexpected(error: unknown, call: Call): ServiceError {
    if (error instanceof LogError) {
      if (error.code === 'aborted') return this.#aborted(call);
      const code = FROM_LOG_ERROR[error.code];
      const level = STATUS[code].http === 500 ? 'error' : 'warn';
      this.#deps.serverLog[level]('entry not logged', {
        code: error.code,
        error: error.message,
        trace: call.traceId(),
      });
      return failure(code, error.retryAfterMs);
    }
    if (error instanceof PrepareError) {
      this.#deps.serverLog.warn('entry not prepared', {
        code: error.code,
        error: error.message,
        trace: call.traceId(),
      });
      return failure(error.code);
    }
    this.#deps.metrics.grpc.panics.value += 1;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#deps.serverLog.error('unexpected failure', { error: text, trace: call.traceId() });
    return failure('internal');
  }

  #aborted(call: Call): ServiceError {
    return failure(call.signal.reason === 'deadline-exceeded' ? 'deadline-exceeded' : 'canceled');
  }
}
