import { generateKeyPairSync } from 'node:crypto';
import { makeCertificate } from '../../requests/certificate.ts';
import { halves, integerPair, P256_ORDER } from './ecdsa-encoding.ts';
import { type EntrySpec, KEY_DETAILS } from './entry-spec.ts';
import { ecKey, ed25519phSpec, p256Spec, rsaKey, signedSpec } from './keys.ts';

/** Requests that the reference accepts, by name. Keys are fresh: the log has never seen them. */
export function acceptedEntries(): Record<string, EntrySpec> {
  const details = KEY_DETAILS;
  return {
    'p256-key': p256Spec('p256'),
    'p256-certificate': inCertificate(p256Spec('certificate'), new Date()),
    'certificate-long-expired': inCertificate(p256Spec('expired'), new Date('2001-01-01T00:00:00Z')),
    p384: signedSpec(ecKey('P-384'), 'sha384', details.PKIX_ECDSA_P384_SHA_384, 'p384'),
    p521: signedSpec(ecKey('P-521'), 'sha512', details.PKIX_ECDSA_P521_SHA_512, 'p521'),
    'ed25519ph-rfc8032': ed25519phSpec(),
    rsa2048: signedSpec(rsaKey(2048), 'sha256', details.PKIX_RSA_PKCS1V15_2048_SHA256, 'rsa2048'),
    rsa3072: signedSpec(rsaKey(3072), 'sha256', details.PKIX_RSA_PKCS1V15_3072_SHA256, 'rsa3072'),
    rsa4096: signedSpec(rsaKey(4096), 'sha256', details.PKIX_RSA_PKCS1V15_4096_SHA256, 'rsa4096'),
    'rsa-modulus-of-2047-bits': signedSpec(rsaKey(2047), 'sha256', details.PKIX_RSA_PKCS1V15_2048_SHA256, 'rsa2047'),
    'p1363-32-byte-halves': p1363(32),
    'p1363-48-byte-halves': p1363(48),
    'p1363-66-byte-halves': p1363(66),
    'flipped-s': flippedS(),
    ...labels(),
  };
}

/** P-256 keys under labels of other algorithms that hash with SHA-256: only the label's hash counts. */
function labels(): Record<string, EntrySpec> {
  const names = [
    'PKIX_RSA_PSS_2048_SHA256',
    'PKIX_RSA_PKCS1V15_2048_SHA256',
    'PKIX_ECDSA_P384_SHA_256',
    'PKIX_ECDSA_P521_SHA_256',
  ] as const;
  const labelled = names.map((name) => [`p256-labelled-${name}`, { ...p256Spec(name), keyDetails: KEY_DETAILS[name] }]);
  return Object.fromEntries(labelled) as Record<string, EntrySpec>;
}

/** Moves the key of a request into a certificate. */
export function inCertificate(spec: EntrySpec, notBefore: Date, padding?: number): EntrySpec {
  const { publicKey = new Uint8Array(), ...rest } = spec;
  const issuer = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const subject = { spki: publicKey, email: 'someone@example.com', ...(padding === undefined ? {} : { padding }) };
  return { ...rest, x509Certificate: makeCertificate(subject, issuer, notBefore) };
}

function p1363(bytes: number): EntrySpec {
  const spec = p256Spec(`p1363 ${bytes}`);
  const { r, s } = halves(spec.signature ?? new Uint8Array());
  const padded = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');
  return { ...spec, signature: Buffer.concat([padded(r), padded(s)]) };
}

/** S replaced by the order minus S: as valid as before. */
function flippedS(): EntrySpec {
  const spec = p256Spec('flipped s');
  const { r, s } = halves(spec.signature ?? new Uint8Array());
  return { ...spec, signature: integerPair(r, P256_ORDER - s) };
}
