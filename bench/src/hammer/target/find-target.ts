import { type OpenedCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import type { LogVerifier } from '@tilewright/signer';
import type { Answer } from '../net/answer-parser.ts';
import { ExchangeError } from '../net/connection.ts';
import type { ConnectionPool } from '../net/connection-pool.ts';
import { getRequest, postRequest } from '../net/request.ts';
import { Refused } from '../refused.ts';
import type { KindName, LogKind } from './log-kind.ts';
import { RAW_KIND } from './raw-kind.ts';
import { ENTRIES_PATH, REKOR_KIND } from './rekor-kind.ts';

/** The log that a run is about, as it was found. */
export interface Target {
  readonly kind: LogKind;
  /** Path below the read URL that `checkpoint` and `tile/…` are appended to; begins and ends with a slash. */
  readonly readPath: string;
  readonly log: LogVerifier;
  readonly checkpoint: OpenedCheckpoint;
}

/** What the user said of the log. */
export interface TargetOptions {
  readonly log: LogVerifier;
  /** Undefined to find it out. */
  readonly kind: KindName | undefined;
  readonly writes: ConnectionPool;
  readonly reads: ConnectionPool;
}

/** tlog-tiles logs are at their prefix; a Rekor server has its log there, too, or below its API. */
const READ_PATHS = ['/', '/api/v2/'];
const FROZEN_LINE = /^Log frozen\b/;

/**
 * Looks at a server without writing to it: is it a log, with this key, of which kind, and alive?
 * @throws Refused saying what it is instead
 */
export async function findTarget(options: TargetOptions): Promise<Target> {
  const { reads, log } = options;
  const { readPath, note } = await findCheckpoint(reads);
  const checkpoint = openFirst(note, log, reads.endpoint.url);
  if (checkpoint.extensions.some((line) => FROZEN_LINE.test(line))) {
    throw new Refused(`the log ${log.origin} is frozen, its checkpoint says so: it takes nothing more`);
  }
  const kind = options.kind ?? (await findKind(options.writes));
  return { kind: kind === 'raw' ? RAW_KIND : REKOR_KIND, readPath, log, checkpoint };
}

async function findCheckpoint(reads: ConnectionPool): Promise<{ readPath: string; note: Uint8Array }> {
  const { url } = reads.endpoint;
  const statuses: number[] = [];
  for (const readPath of READ_PATHS) {
    const answer = await ask(reads, getRequest(reads.endpoint, `${readPath}checkpoint`));
    if (answer.status === 200) return { readPath, note: new Uint8Array(answer.body) };
    statuses.push(answer.status);
  }
  throw new Refused(
    `${url} is no log: /checkpoint answers ${statuses[0]} and /api/v2/checkpoint ${statuses[1]}. If entries are read ` +
      'elsewhere, give that address with --read-url',
  );
}

function openFirst(note: Uint8Array, log: LogVerifier, url: string): OpenedCheckpoint {
  try {
    return openCheckpoint(note, log.origin, log.verifier);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    const what = cause.code === 'malformed' ? 'is no checkpoint' : 'is not of the log whose key was given';
    throw new Refused(`what ${url} has as its checkpoint ${what}: ${cause.message}`, { cause });
  }
}

async function findKind(writes: ConnectionPool): Promise<KindName> {
  const { endpoint } = writes;
  // Nothing that could be logged: Rekor refuses a request without an entry, and /add takes only POST.
  const rekor = await ask(writes, postRequest(endpoint, ENTRIES_PATH, 'application/json', Buffer.from('{}')));
  if (rekor.status !== 404 && rekor.body.toString('latin1', 0, 200).includes('"code"')) return 'rekor';
  if (rekor.status === 405) return 'rekor';
  const raw = await ask(writes, getRequest(endpoint, '/add'));
  if (raw.status === 405) return 'raw';
  throw new Refused(
    `${endpoint.url} takes no entries: POST ${ENTRIES_PATH} answers ${rekor.status} (a Rekor v2 log would say what is ` +
      `missing) and GET /add answers ${raw.status} (a log of raw entries would ask for POST). If you know better, say ` +
      '--kind raw or --kind rekor',
  );
}

async function ask(pool: ConnectionPool, request: Uint8Array): Promise<Answer> {
  const { url } = pool.endpoint;
  try {
    return await pool.exchange(request);
  } catch (cause) {
    if (!(cause instanceof ExchangeError)) throw cause;
    if (cause.kind === 'ECONNREFUSED') throw new Refused(`nothing listens at ${url}`, { cause });
    if (cause.kind === 'not HTTP') throw new Refused(`${url} does not speak HTTP/1.1: ${cause.message}`, { cause });
    throw new Refused(`${url} could not be asked: ${cause.message}`, { cause });
  }
}
