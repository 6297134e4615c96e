import { compareBytes, encodeHex } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import { dsseBody, type LeafSignature } from '../body/canonical-body.ts';
import { EntryError } from '../entry-error.ts';
import type { OtherPublicKey, PublicKeyInfo } from '../keys/public-key.ts';
import {
  type DsseMessage,
  type EnvelopeMessage,
  MAX_DSSE_ELEMENTS,
  type VerifierMessage,
} from '../message/entry-message.ts';
import { checkSignature } from '../signature/check-signature.ts';
import type { HashName, SignedInput, VerifySignature } from '../signature/verify-signature.ts';
import { keyOfVerifier, leafVerifier, requirePermitted, requireVerifier } from '../verifier/verifier-key.ts';
import { preAuthEncoding } from './pre-auth-encoding.ts';

/**
 * The leaf of a dsse 0.0.2 request, as rekor-tiles 2.2.1 made it, the last release that did. Verifiers are tried in the
 * order in which they come until every signature is covered; each must verify a signature, and the first that it
 * verifies is the one that it covers.
 *
 * @throws EntryError saying what is wrong; a client only learns that something is.
 */
export function dsseEntry(
  request: DsseMessage,
  permitted: readonly string[],
  verify: VerifySignature,
): Uint8Array<ArrayBuffer> {
  const envelope = requireComplete(request);
  const verifiers = request.verifiers.map((message) => ({ message, key: keyOfVerifier(message) }));
  const signatures = coverSignatures(envelope, verifiers, permitted, verify);
  signatures.sort((a, b) => compareBytes(a.content, b.content));
  return dsseBody(sha256(envelope.payload), signatures);
}

function requireComplete({ envelope, verifiers }: DsseMessage): EnvelopeMessage {
  if (envelope === undefined) throw new EntryError('missing-field', 'missing envelope');
  if (verifiers.length === 0) throw new EntryError('missing-field', 'missing verifiers');
  if (verifiers.length > MAX_DSSE_ELEMENTS) throw tooMany('verifiers');
  for (const verifier of verifiers) requireVerifier(verifier);
  const { signatures } = envelope;
  if (signatures.length === 0) throw new EntryError('missing-field', 'envelope missing signatures');
  if (signatures.length > MAX_DSSE_ELEMENTS) throw tooMany('signatures');
  if (signatures.some((signature) => signature.length === 0)) {
    throw new EntryError('missing-field', 'envelope signature empty');
  }
  return envelope;
}

function tooMany(what: string): EntryError {
  return new EntryError('too-many', `too many ${what}, max allowed: ${MAX_DSSE_ELEMENTS}`);
}

interface ParsedVerifier {
  readonly message: VerifierMessage;
  readonly key: PublicKeyInfo | OtherPublicKey;
}

/** The envelope's signatures without repetitions, each with the verifier that covers it; the last one if several do. */
function coverSignatures(
  { payloadType, payload, signatures }: EnvelopeMessage,
  verifiers: readonly ParsedVerifier[],
  permitted: readonly string[],
  verify: VerifySignature,
): LeafSignature[] {
  const message = preAuthEncoding(payloadType, payload);
  const uncovered = new Set(signatures.map(encodeHex));
  const covered = new Map<string, LeafSignature>();
  for (const verifier of verifiers) {
    if (uncovered.size === 0) break;
    const { key, algorithm } = requirePermitted(permitted, verifier.key, verifier.message.keyDetails);
    const input = inputFor(key, algorithm.hash ?? 'SHA-512', message);
    const content = signatures.find((signature) => verifies(verify, key, input, signature));
    if (content === undefined) {
      const problem = 'accepted signatures do not match threshold, Found: 0, Expected 1';
      throw new EntryError('bad-signature', `could not verify envelope: ${problem}`);
    }
    uncovered.delete(encodeHex(content));
    covered.set(encodeHex(content), { content, verifier: leafVerifier(verifier.message, algorithm) });
  }
  if (uncovered.size > 0) throw new EntryError('bad-signature', 'all signatures must have a key that verifies it');
  return [...covered.values()];
}

// An Ed25519 key signs the message itself, whatever the details say. Of the digests only SHA-256 is made here, once for
// all signatures that a verifier is tried with.
function inputFor(key: PublicKeyInfo, hash: HashName, message: Uint8Array): SignedInput {
  if (key.kind === 'ed25519' || hash !== 'SHA-256') return { kind: 'message', hash, message };
  return { kind: 'digest', hash, digest: sha256(message) };
}

function verifies(verify: VerifySignature, key: PublicKeyInfo, input: SignedInput, signature: Uint8Array): boolean {
  try {
    checkSignature(verify, key, input, signature);
    return true;
  } catch (error) {
    if (error instanceof EntryError) return false;
    throw error;
  }
}
