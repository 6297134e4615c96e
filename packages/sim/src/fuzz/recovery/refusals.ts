import { BrokenRule } from '@tilewright/fuzz';
import { LogError } from '@tilewright/log';
import { PosixError } from '@tilewright/store-posix';
import { WAL_REFUSALS } from '../segment/wal-target.ts';

/**
 * Why a directory can be refused: what the sentence must say, and a name for it. What is refused 'late' may have been
 * recovered before, and is then not as it was.
 */
const REFUSALS: readonly (readonly [name: string, message: RegExp])[] = [
  ...WAL_REFUSALS.map(([name, message]) => [`write-ahead log: ${name}`, message] as const),
  ['identity: damaged', /^\.state\/format\.json is damaged/],
  ['identity: a newer format', /has format \d+; this program knows/],
  ['identity: another origin', /belongs to the log .*, not /],
  ['identity: another key', /has the key with id [0-9a-f]{8}, not/],
  ['identity: other entries', /holds \S+ entries, not \S+ entries/],
  ['identity: missing', /has a state directory without \.state\/format\.json/],
  ['state: missing', /no state of this program/],
  ['state: nothing of a log is left', /^there is no log in /],
  ['registers: both lost', /\.state\/tree and \.state\/floor are both damaged/],
  ['registers: the tree is older than the floor', /^\.state\/tree is older than \.state\/floor/],
  ['registers: the floor is above the tree', /^the signed floor has \d+ entries, the integrated tree \d+/],
  ['registers: two roots', /^the signed floor and the integrated tree have different roots/],
  ['checkpoint: none', /^'checkpoint' is not a checkpoint/],
  ['checkpoint: of another log', /^'checkpoint' is of the log/],
  ['late: missing, and nothing else is there', /^the making of the log in \S+ was interrupted/],
  ['checkpoint: missing', /^the log in \S+ has \d+ entries, but 'checkpoint' is missing/],
  ['checkpoint: above the floor', /^the checkpoint has \d+ entries, the signed floor \d+/],
  ['checkpoint: two roots', /^the checkpoint and the signed floor have different roots/],
  ['checkpoint: cannot be read', /^could not read the checkpoint/],
  ['checkpoint: another signature', /^the stored checkpoint is not one of/],
  ['tiles: missing', /entries, but 'tile' is missing/],
  ['tiles: entries behind the last one that was sequenced', /^tile\/\S+ holds entries up to \d+, and only \d+ are/],
  ['tiles: one missing', /^the log's storage lacks tile\//],
  ['tiles: of another length', /^tile\/\S+ is \d+ bytes long/],
  ['tiles: one cannot be read', /^could not read tile\//],
  ['tiles: no bundle', /^tile\/\S+ is not an entry bundle/],
  ['tiles: another entry than its hash', /^entry \d+ in tile\//],
  ['tiles: another hash than below it', /^hash \d+ of tile\//],
  ['tiles: another root at the edge', /^the tiles at the right edge of size/],
  ['tiles: another root before', /^the tiles hash to another root at size/],
  ['tiles: other bytes than are to be written', /would have to change its bytes/],
  ['late: forged numbers that nothing can be counted on from', /^this process has lost its lock: another process/],
  ['late: something else where a tile is to be stored', /^could not store tile\//],
  ['late: something else in the way', /^the storage directory \S+ cannot be used: /],
];

/** Where there is no file to name: which of the tiles it is, only reading all of them tells, and the message says how. */
const NAMELESS = ['tiles: another root before', 'state: nothing of a log is left'];

/** The names of all reasons. */
export const REFUSAL_NAMES: readonly string[] = REFUSALS.map(([name]) => name);

/** The name of the reason. Throws when nobody listed it, or when the refusal does not name a file, or an offset of a record. */
export function refusalOf(error: unknown): string {
  if (!(error instanceof PosixError || error instanceof LogError)) throw error;
  const { message, path, offset } = error;
  const [name] = REFUSALS.find(([, pattern]) => pattern.test(message)) ?? [];
  if (name === undefined) throw new BrokenRule(`refused for a reason that nobody listed: ${error.code}: ${message}`);
  if (path === undefined && !NAMELESS.includes(name)) {
    throw new BrokenRule(`the refusal names no file: ${error.code}: ${message}`);
  }
  if (name.startsWith('write-ahead log: ') && error.code === 'corrupt' && offset === undefined) {
    throw new BrokenRule(`the refusal names no offset: ${message}`);
  }
  return name;
}
