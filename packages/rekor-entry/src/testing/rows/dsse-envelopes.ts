import { compareBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import type { KeyDetailsName } from '../../keys/algorithms.ts';
import { certificate } from '../build/certificates.ts';
import { signedBytes, spkiOf } from '../build/fixture-bytes.ts';
import { naiveDsseLeaf } from '../build/naive-leaf.ts';
import { type DsseParts, dsseRequest, type VerifierParts } from '../build/request-forms.ts';
import { numbersOf, p1363Of } from '../build/signature-forms.ts';
import type { FixtureName } from '../gen/fixtures.ts';
import { acceptedDsse, badJson, type RequestForms, type RequestRow, refusedDsse } from '../request-row.ts';

const DETAILS: Partial<Record<FixtureName, KeyDetailsName>> = {
  dsseP384: 'PKIX_ECDSA_P384_SHA_384',
  dsseP521: 'PKIX_ECDSA_P521_SHA_512',
  dsseRsa: 'PKIX_RSA_PKCS1V15_2048_SHA256',
  dsseEd25519: 'PKIX_ED25519_PH',
  dsseEd25519ph: 'PKIX_ED25519_PH',
};

const payloadOf = (i: number) => encodeUtf8(`dsse ${i}`);
const signatureOf = (name: FixtureName, i: number) => signedBytes(name, i).signature;

function verifierOf(name: FixtureName): VerifierParts {
  return { publicKey: spkiOf(name), keyDetails: DETAILS[name] ?? 'PKIX_ECDSA_P256_SHA_256' };
}

/** dsse requests: every one is refused by default, and the good ones are taken by a log that takes such entries. */
export function dsseRows(): RequestRow[] {
  return [...goodRows(), ...badRows()];
}

/** A row for envelope `i` signed by some keys, given in the order of the request. */
function taken(
  name: string,
  i: number,
  keys: readonly FixtureName[],
  change: (parts: DsseParts) => RequestForms = dsseRequest,
) {
  const signatures = keys.map((key) => signatureOf(key, i));
  const verifiers = keys.map(verifierOf);
  return takenParts(name, { envelope: { payload: payloadOf(i), signatures }, verifiers }, change);
}

function takenParts(name: string, parts: DsseParts, change: (parts: DsseParts) => RequestForms = dsseRequest) {
  const { payload = new Uint8Array(0), signatures = [] } = parts.envelope ?? {};
  const covered = signatures.map((content, i) => ({ content, verifier: parts.verifiers[i] ?? {} }));
  covered.sort((a, b) => compareBytes(a.content, b.content));
  return acceptedDsse(`dsse: ${name}`, change(parts), naiveDsseLeaf(sha256(payload), covered));
}

function goodRows(): RequestRow[] {
  const { publicKey = new Uint8Array(0), keyDetails = 0 } = verifierOf('dsseP256');
  const p256 = signatureOf('dsseP256', 1);
  const inCertificate = { x509Certificate: certificate({ spki: publicKey }), keyDetails };
  const one = (i: number, signatures: readonly Uint8Array[]) => ({ payload: payloadOf(i), signatures });
  return [
    taken('a P-256 signature', 0, ['dsseP256']),
    taken('a P-384 signature', 0, ['dsseP384']),
    taken('a P-521 signature', 0, ['dsseP521']),
    taken('an RSA signature', 0, ['dsseRsa']),
    taken('a pure Ed25519 signature, labelled Ed25519ph', 0, ['dsseEd25519']),
    taken('two signatures', 1, ['dsseP256', 'dsseOtherP256']),
    taken('five signatures, not in order', 2, ['dsseRsa', 'dsseP521', 'dsseP384', 'dsseEd25519', 'dsseP256']),
    takenParts('a certificate', { envelope: one(1, [p256]), verifiers: [inCertificate] }),
    takenParts('a P1363 signature', {
      envelope: one(3, [p1363Of(numbersOf(signatureOf('dsseP256', 3)), 32)]),
      verifiers: [verifierOf('dsseP256')],
    }),
    takenParts('key ids, which count for nothing', {
      envelope: { ...one(3, [signatureOf('dsseP384', 3)]), keyid: 'SHA256:nothing' },
      verifiers: [verifierOf('dsseP384')],
    }),
    takenParts('a verifier too many, behind', {
      envelope: one(3, [signatureOf('dsseRsa', 3)]),
      verifiers: [verifierOf('dsseRsa'), verifierOf('dsseOtherP256')],
    }),
  ];
}

function badRows(): RequestRow[] {
  const payload = payloadOf(0);
  const signature = signatureOf('dsseP256', 0);
  const verifier = verifierOf('dsseP256');
  const envelope = { payload, signatures: [signature] };
  const bad = (name: string, parts: DsseParts, code: Parameters<typeof refusedDsse>[2] = 'bad-signature') =>
    refusedDsse(`dsse: ${name}`, dsseRequest(parts), code);
  const { publicKey = new Uint8Array(0) } = verifier;
  return [
    bad('nothing in it', { verifiers: [] }, 'missing-field'),
    bad('no envelope', { verifiers: [verifier] }, 'missing-field'),
    bad('no verifiers', { envelope, verifiers: [] }, 'missing-field'),
    bad('an empty verifier', { envelope, verifiers: [{}] }, 'missing-field'),
    bad('no signatures', { envelope: { payload, signatures: [] }, verifiers: [verifier] }, 'missing-field'),
    bad(
      'an empty signature',
      { envelope: { payload, signatures: [new Uint8Array(0)] }, verifiers: [verifier] },
      'missing-field',
    ),
    bad('eleven verifiers', { envelope, verifiers: Array(11).fill(verifier) }, 'too-many'),
    bad(
      'eleven signatures',
      { envelope: { payload, signatures: Array(11).fill(signature) }, verifiers: [verifier] },
      'too-many',
    ),
    bad(
      'a key that cannot be parsed',
      { envelope, verifiers: [verifier, { publicKey: publicKey.subarray(1), keyDetails: 5 }] },
      'malformed-key',
    ),
    bad('no key details', { envelope, verifiers: [{ publicKey }] }, 'unsupported-algorithm'),
    bad(
      'pure Ed25519 key details',
      { envelope, verifiers: [{ ...verifierOf('dsseEd25519'), keyDetails: 'PKIX_ED25519' }] },
      'unsupported-algorithm',
    ),
    bad('another payload', { envelope: { ...envelope, payload: payloadOf(1) }, verifiers: [verifier] }),
    bad('another payload, P-384', {
      envelope: { payload: payloadOf(1), signatures: [signatureOf('dsseP384', 0)] },
      verifiers: [verifierOf('dsseP384')],
    }),
    bad('another payload type', { envelope: { ...envelope, payloadType: 'text/plain' }, verifiers: [verifier] }),
    bad('an Ed25519ph signature', {
      envelope: { payload, signatures: [signatureOf('dsseEd25519ph', 0)] },
      verifiers: [verifierOf('dsseEd25519ph')],
    }),
    bad('a signature that no key verifies', {
      envelope: { payload, signatures: [signature, signatureOf('dsseOtherP256', 0)] },
      verifiers: [verifier],
    }),
    bad('a verifier too many, in front', { envelope, verifiers: [verifierOf('dsseOtherP256'), verifier] }),
    bad('one key for two signatures', {
      envelope: { payload, signatures: [signature, p1363Of(numbersOf(signature), 32)] },
      verifiers: [verifier, verifier],
    }),
    badJson('dsse: payload_type, which has no underscore', '{"dsseRequestV002":{"envelope":{"payload_type":"x"}}}'),
    badJson('dsse: a verifier of null', '{"dsseRequestV002":{"verifiers":[null]}}'),
    badJson('dsse: verifiers in an object', '{"dsseRequestV002":{"verifiers":{}}}'),
    badJson('dsse: a number for the payload type', '{"dsseRequestV002":{"envelope":{"payloadType":5}}}'),
    badJson('dsse: a lone surrogate in the payload type', '{"dsseRequestV002":{"envelope":{"payloadType":"\\udc00"}}}'),
  ];
}
