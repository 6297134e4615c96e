import { type Checkpoint, parseCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import { parseNote } from '@tilewright/core/note';
import type { Endpoint } from '../../hammer/net/endpoint.ts';
import { Refused } from '../../hammer/refused.ts';
import { resolveAddress } from '../../hammer/target/address.ts';
import { EntryMaker, entryJson } from '../../requests/entry-request.ts';
import { ask } from './ask.ts';

/** A log that may be loaded. */
export interface FoundLog {
  /** Without a slash at its end. */
  readonly url: string;
  /** What `checkpoint` and `tile/…` are appended to, after the URL. */
  readonly readPath: string;
  /** As the server has it: nobody here knows the log's key. */
  readonly checkpoint: Checkpoint;
  /** What the name of its host resolved to. */
  readonly endpoint: Endpoint;
}

const READ_PATHS = ['/', '/api/v2/'];
const ENTRIES_PATH = '/api/v2/log/entries';
const FROZEN_LINE = /^Log frozen\b/;

/**
 * Looks for a log at an address, without writing to it.
 * @throws Refused saying what is there instead
 */
export async function findLog(address: string, isOwned: boolean): Promise<FoundLog> {
  const endpoint = await resolveAddress(address, isOwned);
  const { url } = endpoint;
  const { readPath, checkpoint } = await findCheckpoint(url);
  return { url, readPath, checkpoint, endpoint };
}

/**
 * Sees that the log takes entries, by writing one: nothing else tells a log that serves reads alone.
 * @throws Refused
 */
export async function requireWritable({ url, checkpoint }: FoundLog): Promise<void> {
  refuseFrozen(checkpoint);
  const empty = await ask(`${url}${ENTRIES_PATH}`, '{}');
  const isRekor = empty.status === 405 || Buffer.from(empty.body).includes('"code"');
  if (empty.status === 404 || !isRekor) {
    throw new Refused(
      `${url} is a log, but no Rekor v2 log: POST ${ENTRIES_PATH} answers ${empty.status}. ` +
        'Logs of raw entries are loaded by npm run hammer',
    );
  }
  const { status } = await ask(`${url}${ENTRIES_PATH}`, entryJson(new EntryMaker(new Date()).make(false)));
  if (status === 405) throw new Refused(`the log at ${url} takes no entries: it answers 405, as a frozen log does`);
  if (status !== 201) throw new Refused(`${url} does not take a good entry: it answers ${status}`);
}

/** @throws Refused */
export function refuseFrozen({ origin, extensions }: Checkpoint): void {
  if (!extensions.some((line) => FROZEN_LINE.test(line))) return;
  throw new Refused(`the log ${origin} is frozen, its checkpoint says so: it takes nothing more`);
}

async function findCheckpoint(url: string): Promise<Pick<FoundLog, 'readPath' | 'checkpoint'>> {
  const statuses: number[] = [];
  for (const readPath of READ_PATHS) {
    const { status, body } = await ask(`${url}${readPath}checkpoint`);
    if (status === 200) return { readPath, checkpoint: read(body, url) };
    statuses.push(status);
  }
  throw new Refused(
    `${url} is no transparency log: /checkpoint answers ${statuses[0]} and /api/v2/checkpoint ${statuses[1]}`,
  );
}

function read(body: Uint8Array, url: string): Checkpoint {
  try {
    return parseCheckpoint(parseNote(body).text);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new Refused(`${url} is no transparency log: what it has as its checkpoint is none`, { cause });
  }
}
