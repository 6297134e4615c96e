import { createHash, sign } from 'node:crypto';
import { tlv, unsignedInteger } from '../../requests/der.ts';
import { inCertificate } from './accepted-entries.ts';
import { halves, integerPair, P256_ORDER, toBytes } from './ecdsa-encoding.ts';
import { type EntrySpec, KEY_DETAILS } from './entry-spec.ts';
import { ecKey, ed25519Key, ed25519phSpec, type KeyPair, p256Spec, rsaKey, signedSpec } from './keys.ts';

const EMPTY = new Uint8Array();

/** Requests that the reference refuses, by name. */
export function refusedEntries(): Record<string, EntrySpec> {
  return { ...missingParts(), ...badDigests(), ...badKeys(), ...badCertificates(), ...badSignatures(), ...badLabels() };
}

function missingParts(): Record<string, EntrySpec> {
  const good = p256Spec('missing parts');
  const { digest: _digest, ...noDigest } = good;
  const { publicKey: _key, ...noKey } = good;
  const { signature: _signature, ...noContent } = good;
  const { keyDetails: _details, ...noDetails } = good;
  return {
    'no-fields': { noSignature: true },
    'no-digest': noDigest,
    'empty-digest': { ...good, digest: EMPTY },
    'no-signature': { digest: good.digest ?? EMPTY, noSignature: true },
    'no-content': noContent,
    'empty-content': { ...good, signature: EMPTY },
    'no-verifier': { ...noKey, noVerifier: true },
    'no-key': noKey,
    'empty-key': { ...good, publicKey: EMPTY },
    'empty-certificate': { ...noKey, x509Certificate: EMPTY },
    'no-key-details': noDetails,
  };
}

function badDigests(): Record<string, EntrySpec> {
  const good = p256Spec('bad digests');
  const digest = Buffer.from(good.digest ?? EMPTY);
  return {
    'digest-one-byte': { ...good, digest: digest.subarray(0, 1) },
    'digest-31-bytes': { ...good, digest: digest.subarray(0, 31) },
    'digest-33-bytes': { ...good, digest: Buffer.concat([digest, Buffer.from([0])]) },
    'digest-of-sha512': { ...good, digest: createHash('sha512').update('bad digests').digest() },
    'digest-of-another-message': { ...good, digest: createHash('sha256').update('another').digest() },
  };
}

function badKeys(): Record<string, EntrySpec> {
  const p256 = ecKey('P-256');
  const good = p256Spec('bad keys', p256);
  const spki = p256.spki;
  const rsa = rsaKey(2048);
  const offCurve = Buffer.from(spki);
  offCurve[60] = (offCurve[60] ?? 0) ^ 1;
  const compressed = Buffer.concat([
    Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
    Buffer.from([2 + ((spki[90] ?? 0) % 2)]),
    spki.subarray(27, 59),
  ]);
  return {
    'key-of-another': { ...good, publicKey: ecKey('P-256').spki },
    'key-truncated': { ...good, publicKey: spki.subarray(0, 80) },
    'key-with-trailing-byte': { ...good, publicKey: Buffer.concat([spki, Buffer.from([0])]) },
    'key-as-pem': { ...good, publicKey: Buffer.from(p256.publicKey.export({ type: 'spki', format: 'pem' })) },
    'key-as-certificate': { ...good, publicKey: inCertificate(good, new Date()).x509Certificate ?? EMPTY },
    'key-as-pkcs1': {
      ...signedSpec(rsa, 'sha256', KEY_DETAILS.PKIX_RSA_PKCS1V15_2048_SHA256, 'pkcs1'),
      publicKey: rsa.publicKey.export({ type: 'pkcs1', format: 'der' }),
    },
    'key-not-der': { ...good, publicKey: Buffer.from('not a key') },
    'key-off-curve': { ...good, publicKey: offCurve },
    'key-compressed-point': { ...good, publicKey: compressed },
    'key-secp256k1': signed(ecKey('secp256k1'), 'sha256', KEY_DETAILS.PKIX_ECDSA_P256_SHA_256),
    'key-p224': signed(ecKey('P-224'), 'sha256', KEY_DETAILS.PKIX_ECDSA_P256_SHA_256),
    'key-rsa-1024': signed(rsaKey(1024), 'sha256', KEY_DETAILS.PKIX_RSA_PKCS1V15_2048_SHA256),
    'key-rsa-2056': signed(rsaKey(2056), 'sha256', KEY_DETAILS.PKIX_RSA_PKCS1V15_2048_SHA256),
    'key-p384-with-sha256': signed(ecKey('P-384'), 'sha256', KEY_DETAILS.PKIX_ECDSA_P256_SHA_256),
  };
}

function badCertificates(): Record<string, EntrySpec> {
  const good = inCertificate(p256Spec('bad certificates'), new Date());
  const der = Buffer.from(good.x509Certificate ?? EMPTY);
  const inside = (bytes: Uint8Array): EntrySpec => ({ ...good, x509Certificate: bytes });
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  return {
    'certificate-truncated': inside(der.subarray(0, -10)),
    'certificate-with-trailing-byte': inside(Buffer.concat([der, Buffer.from([0])])),
    'certificate-as-pem': inside(Buffer.from(pem)),
    'certificate-is-a-key': inside(ecKey('P-256').spki),
    'certificate-of-another': { ...good, signature: p256Spec('bad certificates').signature ?? EMPTY },
  };
}

function badSignatures(): Record<string, EntrySpec> {
  const good = p256Spec('bad signatures');
  const der = Buffer.from(good.signature ?? EMPTY);
  const { r, s } = halves(der);
  const content = (signature: Uint8Array): EntrySpec => ({ ...good, signature });
  const ed25519 = ed25519Key();
  return {
    'signature-truncated': content(der.subarray(0, -1)),
    'signature-with-trailing-byte': content(Buffer.concat([der, Buffer.from([0])])),
    'signature-one-byte': content(Buffer.from([0x30])),
    'signature-long-form-length': content(Buffer.concat([Buffer.from([0x30, 0x81]), der.subarray(1)])),
    'signature-indefinite-length': content(
      Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(2), Buffer.alloc(2)]),
    ),
    'signature-non-minimal-integer': content(
      tlv(0x30, tlv(2, Buffer.alloc(2), toBytes(r)), unsignedInteger(toBytes(s))),
    ),
    'signature-negative-integer': content(tlv(0x30, tlv(2, Buffer.from([0x80, 1])), unsignedInteger(toBytes(s)))),
    'signature-zero-r': content(integerPair(0n, s)),
    'signature-r-over-order': content(integerPair(r + P256_ORDER, s)),
    'signature-p1363-67-byte-halves': content(p1363(r, s, 67)),
    'signature-p1363-odd-length': content(Buffer.concat([p1363(r, s, 32), Buffer.from([0])])),
    'signature-p1363-zeros': content(Buffer.alloc(64)),
    'ed25519ph-signature-is-pure': {
      ...ed25519phSpec(),
      publicKey: ed25519.spki,
      signature: sign(null, Buffer.from('abc'), ed25519.privateKey),
    },
    'ed25519ph-flipped-bit': { ...ed25519phSpec(), signature: flipped(ed25519phSpec().signature ?? EMPTY) },
    'rsa-pss-signature': rsaPss(),
  };
}

function badLabels(): Record<string, EntrySpec> {
  const names = [
    'PKCS1_RSA_PKCS1V5',
    'PKIX_RSA_PKCS1V5',
    'PKIX_ECDSA_P256_HMAC_SHA_256',
    'PKIX_ED25519',
    'PKIX_ED25519_PH',
    'PKIX_ECDSA_P384_SHA_384',
    'PKIX_ECDSA_P521_SHA_512',
    'ML_DSA_44',
  ] as const;
  const wrong = names.map((name) => [`p256-labelled-${name}`, { ...p256Spec(name), keyDetails: KEY_DETAILS[name] }]);
  const pure = ed25519Key();
  const digest = createHash('sha512').update('pure').digest();
  return {
    ...(Object.fromEntries(wrong) as Record<string, EntrySpec>),
    'p256-labelled-999': { ...p256Spec('999'), keyDetails: 999 },
    'p256-labelled-0': { ...p256Spec('0'), keyDetails: 0 },
    'ed25519-pure': {
      digest,
      signature: sign(null, digest, pure.privateKey),
      publicKey: pure.spki,
      keyDetails: KEY_DETAILS.PKIX_ED25519,
    },
  };
}

function signed(key: KeyPair, hash: string, keyDetails: number): EntrySpec {
  return signedSpec(key, hash, keyDetails, 'bad keys');
}

function p1363(r: bigint, s: bigint, bytes: number): Buffer {
  return Buffer.from([r, s].map((value) => value.toString(16).padStart(bytes * 2, '0')).join(''), 'hex');
}

function flipped(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  copy[10] = (copy[10] ?? 0) ^ 1;
  return copy;
}

function rsaPss(): EntrySpec {
  const rsa = rsaKey(2048);
  const spec = signedSpec(rsa, 'sha256', KEY_DETAILS.PKIX_RSA_PSS_2048_SHA256, 'pss');
  // 6 is RSA_PKCS1_PSS_PADDING.
  return { ...spec, signature: sign('sha256', Buffer.from('pss'), { key: rsa.privateKey, padding: 6 }) };
}
