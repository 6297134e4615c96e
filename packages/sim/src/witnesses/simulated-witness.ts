import { hash } from 'node:crypto';
import { asTreeSize, concatBytes, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import { parseCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { formatSignatureLine, type NoteVerifier, openNote, parseNote, type VerifierKey } from '@tilewright/core/note';
import { checkAddCheckpoint, formatLatestSize, parseAddCheckpoint, SIZE_CONTENT_TYPE } from '@tilewright/core/witness';
import type { WitnessReply } from '@tilewright/witness';
import type { Oracle } from '../oracle/oracle.ts';
import { logVerifier, ORIGIN } from '../world/log-key.ts';

const COSIGNATURE = 0x04;
const ORIGIN_HASH = hash('sha256', ORIGIN);

/** How a witness is: an honest one may be broken, and a liar answers whatever it likes. */
export type Conduct = 'honest' | 'refuses' | 'garbage' | 'lies about sizes' | 'cosigns another tree';

/**
 * A witness by the real rules, which keeps what it cosigned for ever. A keyed hash stands for its signatures, as for those
 * of the log. Whatever an honest one is shown is held to what it has seen: it is what a witness is for.
 */
export class SimulatedWitness {
  readonly key: VerifierKey;
  conduct: Conduct = 'honest';
  #latest: Tree = { size: asTreeSize(0), root: EMPTY_ROOT };
  #note: Uint8Array | undefined;
  readonly #oracle: Oracle;

  constructor(number: number, oracle: Oracle) {
    this.key = {
      name: `witness-${number}.example`,
      keyId: 0x77000000 + number,
      type: COSIGNATURE,
      key: new Uint8Array(32).fill(number),
    };
    this.#oracle = oracle;
  }

  /** Size of the checkpoint that it cosigned last. */
  get size(): number {
    return this.#latest.size;
  }

  /** A request has been sent. It may arrive much later, when its sender is long gone; nobody sends what is old. */
  sent(body: Uint8Array): void {
    const { size } = parseCheckpoint(parseNote(parseAddCheckpoint(body).checkpoint).text);
    if (size < this.size)
      this.#oracle.breach('P4', `a checkpoint of ${size} entries is shown to a witness that has cosigned ${this.size}`);
  }

  /** Answers an add-checkpoint request; `nowMs` is its clock. */
  addCheckpoint(body: Uint8Array, nowMs: number): WitnessReply {
    if (this.conduct === 'refuses') return reply(500, '');
    if (this.conduct === 'garbage') return reply(200, 'what a page of an error looks like\n');
    if (this.conduct === 'lies about sizes') return reply(409, `${this.size + 3}\n`, SIZE_CONTENT_TYPE);
    const verdict = checkAddCheckpoint(body, (origin) =>
      origin === ORIGIN ? { verifiers: [logVerifier], latest: this.#latest } : undefined,
    );
    if (verdict.status === 409)
      return { status: 409, contentType: SIZE_CONTENT_TYPE, body: formatLatestSize(verdict.size) };
    if (verdict.status !== 200) {
      this.#oracle.breach('P4', `a witness refuses what this log shows it: ${verdict.status} ${verdict.reason}`);
      return reply(verdict.status, '');
    }
    const { text } = parseNote(verdict.note);
    if (this.conduct === 'cosigns another tree') return reply(200, this.#line(encodeUtf8('another\n1\nAAAA\n'), nowMs));
    const { size, root } = verdict.checkpoint;
    this.#latest = { size, root };
    this.#note = verdict.note;
    return reply(200, this.#line(text, nowMs));
  }

  /** What it shows to monitors. */
  shown(url: string): WitnessReply {
    const isKnown = url.endsWith(`/${ORIGIN_HASH}/checkpoint`) && this.#note !== undefined;
    return isKnown ? { status: 200, contentType: 'text/plain', body: this.#note ?? new Uint8Array(0) } : reply(404, '');
  }

  #line(text: Uint8Array, nowMs: number): string {
    const time = new Uint8Array(8);
    new DataView(time.buffer).setBigUint64(0, BigInt(1_700_000_000 + Math.floor(nowMs / 1000)));
    return formatSignatureLine(this.key.name, this.key.keyId, concatBytes(time, tag(this.key, time, text)));
  }
}

/** Verifies cosignatures of a simulated witness. */
export function witnessVerifier(key: VerifierKey): NoteVerifier {
  return {
    name: key.name,
    keyId: key.keyId,
    type: key.type,
    verify: (text, payload) =>
      payload.length === 40 && equalBytes(tag(key, payload.subarray(0, 8), text), payload.subarray(8)),
  };
}

/** Names of the witnesses whose cosignatures on this checkpoint are good. */
export function cosignersOf(note: Uint8Array, keys: readonly VerifierKey[]): ReadonlySet<string> {
  const { verified } = openNote(note, [logVerifier, ...keys.map(witnessVerifier)]);
  return new Set(verified.map(({ name }) => name));
}

function tag({ name, key }: VerifierKey, time: Uint8Array, text: Uint8Array): Uint8Array {
  const input = concatBytes(encodeUtf8(name), key, time, text);
  return new Uint8Array(hash('sha256', input, 'buffer'));
}

function reply(status: number, body: string, contentType = 'text/plain'): WitnessReply {
  return { status, contentType, body: encodeUtf8(body) };
}
