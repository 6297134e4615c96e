import { asHash, type Hash, parseDecimal } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { canonicalBody } from '../../crash/canonical-body.ts';
import type { Answer } from '../net/answer-parser.ts';
import type { Endpoint } from '../net/endpoint.ts';
import { postRequest } from '../net/request.ts';
import type { Claim, LogKind, Submission, Supply, WriteResult } from './log-kind.ts';
import { prepareBodies } from './prepare-bodies.ts';

/** Where Rekor v2 takes entries. */
export const ENTRIES_PATH = '/api/v2/log/entries';
const CREATED = 201;
const DUPLICATE = 409;
const FROZEN = 405;

/** Rekor v2 logs: hashedrekord requests, each with a P-256 key of its own, every second one in a certificate. */
export const REKOR_KIND: LogKind = {
  name: 'rekor',
  writePath: ENTRIES_PATH,
  defaultGoal: 20_000,
  prepare: async (endpoint, { count, say }) => {
    const step = 20_000;
    let said = 0;
    const bodies = await prepareBodies(count, (done) => {
      if (done - said < step) return;
      said = done;
      say(`${done} of ${count} requests are signed`);
    });
    return new RekorSupply(endpoint, bodies);
  },
  read: (answer) => {
    try {
      return readCreated(answer);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      return { kind: 'unreadable', reason: `the answer is no log entry: ${reason.slice(0, 200)}` };
    }
  },
};

/** The fields of a CreateEntryRequest that this package writes. */
interface RequestJson {
  readonly hashedRekordRequestV002: {
    readonly digest: string;
    readonly signature: {
      readonly content: string;
      readonly verifier: {
        readonly publicKey?: { readonly rawBytes: string };
        readonly x509Certificate?: { readonly rawBytes: string };
      };
    };
  };
}

/** The fields of a TransparencyLogEntry that are looked at. */
interface EntryJson {
  readonly logIndex?: string;
  readonly inclusionProof?: {
    readonly hashes?: readonly string[];
    readonly checkpoint?: { readonly envelope?: string };
  };
  readonly details?: readonly EntryJson[];
}

function readCreated({ status, headers, body }: Answer): WriteResult {
  if (status === FROZEN) return { kind: 'frozen' };
  if (status !== CREATED && status !== DUPLICATE) return { kind: 'failed', error: `http ${status}` };
  const json = JSON.parse(body.toString('utf8')) as EntryJson;
  const isDuplicate = status === DUPLICATE;
  const entry = isDuplicate ? json.details?.find(({ logIndex }) => logIndex !== undefined) : json;
  // JSON of protobuf leaves out what is 0.
  const text = entry?.logIndex ?? headers.get('x-log-index') ?? (isDuplicate ? undefined : '0');
  if (text === undefined) return { kind: 'failed', error: 'http 409 without an index' };
  const index = parseDecimal(text);
  const claim = claimOf(entry);
  if (claim === undefined && !isDuplicate) return { kind: 'unreadable', reason: 'the answer has no inclusion proof' };
  return { kind: 'accepted', index, isDuplicate, ...(claim && { claim }) };
}

function claimOf(entry: EntryJson | undefined): Claim | undefined {
  const { hashes = [], checkpoint } = entry?.inclusionProof ?? {};
  if (checkpoint?.envelope === undefined) return undefined;
  const proof: Hash[] = hashes.map((hash) => asHash(new Uint8Array(Buffer.from(hash, 'base64'))));
  return { proof, note: new TextEncoder().encode(checkpoint.envelope) };
}

class RekorSupply implements Supply {
  readonly #endpoint: Endpoint;
  readonly #bodies: string[];

  constructor(endpoint: Endpoint, bodies: string[]) {
    this.#endpoint = endpoint;
    this.#bodies = bodies;
  }

  next(): Submission | undefined {
    const body = this.#bodies.pop();
    if (body === undefined) return undefined;
    const request = postRequest(this.#endpoint, ENTRIES_PATH, 'application/json', Buffer.from(body));
    const entry = entryOf(JSON.parse(body) as RequestJson);
    return { request, entry, leafHash: leafHash(entry) };
  }
}

/** The entry that a request makes. */
function entryOf({ hashedRekordRequestV002: { digest, signature } }: RequestJson): Buffer {
  const bytes = (base64 = ''): Buffer => Buffer.from(base64, 'base64');
  const { publicKey, x509Certificate } = signature.verifier;
  return canonicalBody({
    digest: bytes(digest),
    signature: bytes(signature.content),
    verifier:
      publicKey === undefined
        ? { x509Certificate: bytes(x509Certificate?.rawBytes) }
        : { publicKey: bytes(publicKey.rawBytes) },
  });
}
