import { canonicalBody } from '../../crash/canonical-body.ts';
import { KEY_DETAILS, specMessage } from '../../parity/rows/entry-spec.ts';
import { type EntryMaker, type EntryParts, entryJson } from '../../requests/entry-request.ts';
import { isLate, type WriteAnswer } from '../clients/answer.ts';
import { inParallel } from '../clients/in-parallel.ts';
import type { Traffic } from './round.ts';

/** A request for an entry that no log has seen, in both forms. */
export interface FreshEntry {
  readonly json: Buffer;
  readonly wire: Buffer;
  /** The leaf that it makes. */
  readonly body: Buffer;
}

/** Makes one, with a certificate or a bare key. */
export function freshEntry(maker: EntryMaker): FreshEntry {
  const parts = maker.make(Math.random() < 0.5);
  return { json: Buffer.from(entryJson(parts)), wire: wireOf(parts), body: canonicalBody(parts) };
}

/** Submits `count` new entries, each three times at once: one submission makes it, the others are told its index. */
export async function submitDuplicates(traffic: Traffic, count: number, limit: number): Promise<void> {
  const { http, grpc, maker, ledger, findings } = traffic;
  const entries = Array.from({ length: count }, () => freshEntry(maker));
  await inParallel(entries, limit, async ({ json, wire, body }) => {
    const submissions = [http.submit(json), grpc.submit(wire), http.submit(json)];
    await Promise.all(submissions.map((submission) => judgeGood(traffic, body, submission)));
    if (!ledger.isMade(body)) findings.violate('of three submissions of one new entry none was told that it made it');
  });
}

/** Submits new entries with a millisecond to live, then again without that: late or made, and made once. */
export async function submitInNoTime(traffic: Traffic): Promise<void> {
  const { http, grpc, maker } = traffic;
  const headers = { 'Grpc-Timeout': '1m' };
  const viaHttp = freshEntry(maker);
  await judgeGood(traffic, viaHttp.body, http.submit(viaHttp.json, headers), true);
  await judgeGood(traffic, viaHttp.body, http.submit(viaHttp.json));
  const viaGrpc = freshEntry(maker);
  await judgeGood(traffic, viaGrpc.body, grpc.submit(viaGrpc.wire, { 'grpc-timeout': '1m' }), true);
  await judgeGood(traffic, viaGrpc.body, grpc.submit(viaGrpc.wire));
}

async function judgeGood(
  { ledger, findings }: Traffic,
  body: Uint8Array,
  submission: Promise<WriteAnswer>,
  mayBeLate = false,
): Promise<void> {
  try {
    const answer = await submission;
    findings.count(`${answer.transport} ${answer.status}`);
    const fault = mayBeLate && isLate(answer) ? undefined : ledger.judge(body, answer);
    if (fault !== undefined) findings.violate(`new entries: ${fault}`);
  } catch (error) {
    findings.violate(`a good entry got no answer: ${error instanceof Error ? error.message : error}`);
  }
}

function wireOf({ digest, signature, verifier }: EntryParts): Buffer {
  return specMessage({ digest, signature, ...verifier, keyDetails: KEY_DETAILS.PKIX_ECDSA_P256_SHA_256 });
}
