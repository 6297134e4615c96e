import type { CallLog } from '../../logging/call-log.ts';
import type { ServerMetrics } from '../../metrics/server-metrics.ts';
import { countCreateEntry } from '../../service/count-call.ts';
import type { EntryService } from '../../service/create-entry.ts';
import type { EntryJson } from '../../service/entry-json.ts';
import { failure, STATUS } from '../../status.ts';
import { type Answer, badRequest } from '../answer.ts';
import { KEEPALIVE_UNREAD_BYTES } from '../request/unread-body.ts';
import type { BodyWork } from './body-route.ts';
import { writeAnswer } from './write-answer.ts';
import type { WriteExchange } from './write-exchange.ts';

/** Target of the one route that must be fast. */
export const WRITE_PATH = '/api/v2/log/entries';

/** What the creation of entries over HTTP needs. */
export interface CreateEntryWorkOptions {
  readonly service: EntryService;
  readonly entries: EntryJson;
  readonly metrics: ServerMetrics;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly callLog: CallLog | undefined;
}

const TOO_LARGE: Answer = { ...badRequest('http: request body too large'), close: true };

const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Bytes of white space at the end. */
function trailingSpace(body: Buffer): number {
  let at = body.length;
  while (at > 0 && WHITE_SPACE.has(body.readUInt8(at - 1))) at -= 1;
  return body.length - at;
}

/** `POST /api/v2/log/entries`. */
export class CreateEntryWork implements BodyWork {
  readonly path: string = WRITE_PATH;
  readonly tooLarge: Answer = TOO_LARGE;
  readonly overloaded: Answer;
  readonly timedOut: Answer;
  readonly #options: CreateEntryWorkOptions;

  constructor(options: CreateEntryWorkOptions) {
    this.#options = options;
    this.overloaded = writeAnswer(failure('overloaded'), options.entries);
    this.timedOut = writeAnswer(failure('deadline-exceeded'), options.entries);
  }

  async answer(exchange: WriteExchange, body: Buffer): Promise<Answer> {
    const { service, entries, metrics, nowMs, callLog } = this.#options;
    const isLong = exchange.dropped > 0 || body.length > KEEPALIVE_UNREAD_BYTES;
    const space = isLong ? trailingSpace(body) : 0;
    const isBlank = space === body.length;
    if (exchange.dropped > 0 && isBlank) return TOO_LARGE;
    // Go reads no further than the first value, and gives up a connection with too much unread.
    const close = exchange.dropped > 0 || (space > KEEPALIVE_UNREAD_BYTES && !isBlank);
    callLog?.body('received', body, exchange.traceId());
    const outcome = await service.createEntry({ kind: 'json', body }, exchange);
    const ms = nowMs() - exchange.startedAt;
    countCreateEntry(metrics, outcome, exchange.bodyBytes, ms / 1000);
    callLog?.finished(outcome.ok ? 0 : STATUS[outcome.code].grpc, ms, exchange.traceId());
    // The value did not end within the limit, whatever else is wrong with it.
    if (exchange.dropped > 0 && !outcome.ok && outcome.reason === 'malformed-request') return TOO_LARGE;
    const answer = writeAnswer(outcome, entries);
    if (!exchange.isDone) callLog?.body('sent', answer.body, exchange.traceId());
    return close ? { ...answer, close } : answer;
  }
}
