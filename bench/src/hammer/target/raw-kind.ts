import { randomBytes } from 'node:crypto';
import { parseDecimal } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import type { Answer } from '../net/answer-parser.ts';
import type { Endpoint } from '../net/endpoint.ts';
import { postRequest } from '../net/request.ts';
import type { LogKind, Submission, Supply, SupplyOptions, WriteResult } from './log-kind.ts';

/** Every leaf begins with the run's own bytes and its number in the run: two leaves are never the same. */
const RUN_BYTES = 8;
const NUMBER_BYTES = 8;
/** Bytes of the smallest leaf that is distinct. */
export const SMALLEST_LEAF: number = RUN_BYTES + NUMBER_BYTES;
const FILLER_BYTES = 2 ** 18;

/** Logs that take any bytes at `POST /add` and answer with an index, as the personalities of Tessera do. */
export const RAW_KIND: LogKind = {
  name: 'raw',
  writePath: '/add',
  defaultGoal: 1_000_000,
  prepare: async (endpoint, options) => new RawSupply(endpoint, options),
  read: readAdded,
};

function readAdded({ status, body }: Answer): WriteResult {
  if (status === 405) return { kind: 'frozen' };
  if (status !== 200) return { kind: 'failed', error: `http ${status}` };
  const [line = ''] = body.toString('latin1', 0, 64).split('\n');
  try {
    return { kind: 'accepted', index: parseDecimal(line), isDuplicate: false };
  } catch {
    return { kind: 'unreadable', reason: 'the answer is not an index in decimal digits' };
  }
}

class RawSupply implements Supply {
  readonly #endpoint: Endpoint;
  readonly #size: number;
  readonly #run: Buffer = randomBytes(RUN_BYTES);
  readonly #filler: Buffer = randomBytes(FILLER_BYTES);
  #made = 0n;

  constructor(endpoint: Endpoint, { leafSize }: SupplyOptions) {
    this.#endpoint = endpoint;
    this.#size = leafSize;
  }

  next(): Submission {
    const entry = Buffer.allocUnsafe(this.#size);
    const start = Number((this.#made * 4099n) % BigInt(FILLER_BYTES - this.#size));
    this.#filler.copy(entry, 0, start, start + this.#size);
    this.#run.copy(entry);
    entry.writeBigUInt64BE(this.#made++, RUN_BYTES);
    const request = postRequest(this.#endpoint, '/add', 'application/octet-stream', entry);
    return { request, entry, leafHash: leafHash(entry) };
  }
}
