import { asHash, encodeHex, encodeUtf8, equalBytes, type Hash } from '@tilewright/core/bytes';
import { type OpenedCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import { leafHash, sha256 } from '@tilewright/core/hash';
import { verifyInclusion } from '@tilewright/core/merkle';
import type { TransparencyLogEntry } from '@tilewright/rekor-proto';
import { ClientError } from '../client-error.ts';
import type { TrustedLog } from './trusted-log.ts';

/** An entry of a Rekor v2 log that is proven to be in it. */
export interface LogEntry {
  /** Position in this log, from 0. */
  readonly index: number;
  readonly origin: string;
  /** 32 bytes. */
  readonly logId: Uint8Array;
  /** `hashedrekord`, and its version. */
  readonly kindVersion: { readonly kind: string; readonly version: string };
  /** The leaf: canonical JSON. */
  readonly body: Uint8Array;
  readonly leafHash: Hash;
  /** From the leaf to the root. */
  readonly proof: readonly Hash[];
  /** Signed by the log; covers the entry. */
  readonly checkpoint: OpenedCheckpoint;
}

/** The leaf that an entry has to be. */
export interface ExpectedLeaf {
  readonly kind: string;
  readonly version: string;
  /** Exact bytes, rebuilt from what was signed. */
  readonly body: Uint8Array;
}

/**
 * Checks what a log says about an entry: that it is the expected one, and that the checkpoint with it, signed by the
 * trusted log, commits to it at the index it names. Stricter than it need be: what a Rekor v2 log never sends (a signed
 * promise, a time) is refused, and the values that it sends twice must agree.
 *
 * @throws ClientError `untrusted` for another log, origin or key; `inconsistent` for another entry or a proof that does
 *   not hold; `malformed`
 */
export function verifyLogEntry(message: TransparencyLogEntry, log: TrustedLog, expected: ExpectedLeaf): LogEntry {
  const { inclusionProof, kindVersion, logId } = message;
  if (logId === undefined || !equalBytes(logId.keyId, log.logId)) {
    throw new ClientError('untrusted', `the entry is of another log than ${log.origin}: its log id differs`);
  }
  if (kindVersion?.kind !== expected.kind || kindVersion.version !== expected.version) {
    throw new ClientError('inconsistent', `the entry is not of the kind ${expected.kind} ${expected.version}`);
  }
  if (!equalBytes(message.canonicalizedBody, expected.body)) {
    const [theirs, ours] = [message.canonicalizedBody, expected.body].map((body) =>
      encodeHex(sha256(body)).slice(0, 16),
    );
    throw new ClientError(
      'inconsistent',
      `the log holds another entry (body SHA-256 ${theirs}…) than was signed (${ours}…)`,
    );
  }
  if (message.inclusionPromise !== undefined || message.integratedTime !== 0n) {
    throw new ClientError('malformed', 'the entry has a signed promise or a time, which Rekor v2 logs do not give');
  }
  if (inclusionProof === undefined || inclusionProof.checkpoint === undefined) {
    throw new ClientError('malformed', 'the entry has no inclusion proof with a checkpoint');
  }
  const checkpoint = openEnvelope(inclusionProof.checkpoint.envelope, log);
  const sizeAgrees = inclusionProof.treeSize === BigInt(checkpoint.size);
  if (!sizeAgrees || !equalBytes(inclusionProof.rootHash, checkpoint.root)) {
    throw new ClientError('inconsistent', 'the inclusion proof is for another tree than its checkpoint');
  }
  if (inclusionProof.logIndex !== message.logIndex) {
    throw new ClientError('inconsistent', 'the inclusion proof is for another index than the entry');
  }
  const leaf = leafHash(expected.body);
  const index = Number(message.logIndex);
  return {
    index,
    origin: log.origin,
    logId: log.logId,
    kindVersion: { kind: expected.kind, version: expected.version },
    body: expected.body,
    leafHash: leaf,
    proof: verifiedProof(leaf, index, checkpoint, inclusionProof.hashes),
    checkpoint,
  };
}

function openEnvelope(envelope: string, log: TrustedLog): OpenedCheckpoint {
  try {
    return openCheckpoint(encodeUtf8(envelope), log.origin, log.verifier);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    const code = cause.code === 'malformed' || cause.code === 'size-unsupported' ? 'malformed' : 'untrusted';
    throw new ClientError(code, `the checkpoint of the entry cannot be trusted: ${cause.message}`, { cause });
  }
}

function verifiedProof(leaf: Hash, index: number, tree: OpenedCheckpoint, hashes: readonly Uint8Array[]): Hash[] {
  try {
    const proof = hashes.map(asHash);
    verifyInclusion(leaf, index, tree, proof);
    return proof;
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new ClientError('inconsistent', `the entry is not in the tree of its checkpoint: ${cause.message}`, {
      cause,
    });
  }
}
