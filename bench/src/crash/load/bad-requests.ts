import { leafHash } from '@tilewright/core/hash';
import { requestRows } from '@tilewright/rekor-entry/testing';
import { describe, isCreated } from '../../soak/clients/answer.ts';
import { isBusy } from '../judge/answer-judge.ts';
import { type Traffic, unanswered } from './traffic.ts';

/** A whole request that is refused, and how. */
export interface BadRequest {
  /** What is wrong with it, in a word or two. */
  readonly kind: string;
  readonly transport: 'http' | 'grpc';
  readonly bytes: Uint8Array;
  /** HTTP status, or gRPC status code. */
  readonly status: number;
  /** Absent where it is a parser's own words, which no client may compare. */
  readonly message: string | undefined;
}

const INVALID = { http: 400, grpc: 3 };
const INVALID_MESSAGE = 'invalid hashedrekord request';

/** Every kind of bad entry that the project knows of, over each transport that it has a form for. */
export function badEntries(): BadRequest[] {
  return requestRows().flatMap(({ json, wire, expect: { http, grpc, message, code, body } }): BadRequest[] => {
    const kind = code ?? 'entry too large';
    const refused = (transport: 'http' | 'grpc', bytes?: Uint8Array, status?: number, created?: number) =>
      bytes === undefined || status === undefined || (body !== undefined && status === created)
        ? []
        : [{ kind, transport, bytes, status, message }];
    return [...refused('http', json, http, 201), ...refused('grpc', wire, grpc, 0)];
  });
}

/** Leaves of the table that no bundle can hold: they must never be in the log. */
export function oversizedLeaves(): ReturnType<typeof leafHash>[] {
  return requestRows().flatMap(({ expect: { http, grpc, body } }) =>
    body === undefined || http === 201 || grpc === 0 ? [] : [leafHash(body)],
  );
}

/** One bad request, of the table or freshly signed with another message's signature. */
export function someBadRequest(traffic: Traffic, table: readonly BadRequest[]): BadRequest | undefined {
  const { random, supply, book } = traffic;
  if (random() < 0.7) return table[Math.floor(random() * table.length)];
  const { leaf, json, wire } = supply.badlySigned();
  book.refuse(leaf);
  const [transport, bytes] = random() < 0.5 ? (['http', json] as const) : (['grpc', wire] as const);
  return { kind: 'bad-signature', transport, bytes, status: INVALID[transport], message: INVALID_MESSAGE };
}

/** Sends a bad request and judges its answer. Whether there was one. */
export async function sendBadRequest(traffic: Traffic, bad: BadRequest): Promise<boolean> {
  const { http, grpc, tally, ledger, phase, isOurs } = traffic;
  try {
    const answer = await (bad.transport === 'http' ? http : grpc).submit(bad.bytes);
    if (phase.ending.aborted && isBusy(answer)) return true;
    tally.count('bad requests', `${bad.kind} (${bad.transport} ${answer.status})`);
    const isExpected = isOurs
      ? answer.status === bad.status && (bad.message ?? answer.message) === answer.message
      : !isCreated(answer);
    if (!isExpected || answer.index !== undefined) {
      ledger.violate(
        `${bad.kind}: ${describe(answer)} at index ${answer.index} instead of ${bad.transport} ${bad.status}`,
      );
    }
    return true;
  } catch (error) {
    unanswered(traffic, `a bad request (${bad.kind})`, error);
    return false;
  }
}
