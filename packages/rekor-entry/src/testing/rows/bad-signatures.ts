import { concatBytes } from '@tilewright/core/bytes';
import { spkiOf } from '../build/fixture-bytes.ts';
import { hashedRekordRequest } from '../build/request-forms.ts';
import { toBytes } from '../build/signature-forms.ts';
import { certifiedDigest, type SignedDigest, signedDigest } from '../build/signed-digest.ts';
import type { FixtureName } from '../gen/fixtures.ts';
import { type RequestRow, refused } from '../request-row.ts';

const KEYS: readonly FixtureName[] = ['p256', 'p384', 'p521', 'ed25519ph', 'rsa2048'];
const PADDINGS = [
  'DigestInfo without NULL',
  'eight bytes of padding and garbage behind',
  'a bare digest',
  'padding of type 2',
  'PSS',
  'a SHA-512 DigestInfo',
];
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Well-formed requests whose signature does not verify. */
export function badSignatureRows(): RequestRow[] {
  const refuse = (name: string, parts: SignedDigest) =>
    refused(`signature: ${name}`, hashedRekordRequest(parts), 'bad-signature');
  const rsa = signedDigest('rsa2048', 0);
  const edwards = signedDigest('ed25519ph', 0);
  return [
    ...KEYS.flatMap((name) => [
      refuse(`${name}, of another digest`, { ...signedDigest(name, 0), digest: signedDigest(name, 1).digest }),
      refuse(`${name}, last byte changed`, {
        ...signedDigest(name, 0),
        content: bitFlipped(signedDigest(name, 0).content),
      }),
    ]),
    refuse('p256, in a certificate, of another digest', {
      ...certifiedDigest('p256', 0),
      digest: signedDigest('p256', 1).digest,
    }),
    refuse('p256, by another key', {
      ...signedDigest('p256', 0),
      verifier: { publicKey: spkiOf('otherP256'), keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
    }),
    ...PADDINGS.map((name, i) => refuse(`RSA, ${name}`, signedDigest('rsa2048Paddings', i))),
    refuse('RSA, zero in front', { ...rsa, content: concatBytes(Uint8Array.of(0), rsa.content) }),
    refuse('RSA, first byte missing', { ...rsa, content: rsa.content.subarray(1) }),
    refuse('RSA, all ones', { ...rsa, content: new Uint8Array(256).fill(0xff) }),
    refuse('RSA, zero', { ...rsa, content: new Uint8Array(256) }),
    refuse('Ed25519ph, 63 bytes', { ...edwards, content: edwards.content.subarray(0, 63) }),
    refuse('Ed25519ph, 65 bytes', { ...edwards, content: concatBytes(edwards.content, Uint8Array.of(0)) }),
    refuse('Ed25519ph, s plus the order', { ...edwards, content: withScalarPlusOrder(edwards.content) }),
    refuse('Ed25519ph, zeros', { ...edwards, content: new Uint8Array(64) }),
  ];
}

function bitFlipped(bytes: Uint8Array): Uint8Array {
  const last = bytes.length - 1;
  return bytes.map((byte, i) => (i === last ? byte ^ 1 : byte));
}

// The same point equation holds for s plus the group order: only the range check refuses it (RFC 8032, 5.1.7).
function withScalarPlusOrder(signature: Uint8Array): Uint8Array {
  const s = signature.subarray(32).reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
  const bytes = toBytes(s + ED25519_ORDER).reverse();
  return concatBytes(signature.subarray(0, 32), bytes, new Uint8Array(32 - bytes.length));
}
