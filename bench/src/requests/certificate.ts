import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bitString, objectIdentifier, sequence, tlv, unsignedInteger, utcTime } from './der.ts';

/** What goes into a test certificate. */
export interface CertificateSubject {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** E-mail address of the subject alternative name. */
  readonly email: string;
  /** Bytes of filler in an unknown non-critical extension; makes certificates of any size. */
  readonly padding?: number;
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const CODE_SIGNING = sequence(objectIdentifier('1.3.6.1.5.5.7.3.3'));
const ISSUER = sequence(
  attribute('2.5.4.10', 'tilewright.example'),
  attribute('2.5.4.3', 'tilewright-bench-intermediate'),
);
const VALIDITY_MS = 10 * 60 * 1_000;

/**
 * An X.509 v3 certificate in the shape of a Fulcio leaf: ten minutes, empty subject, critical key usage and
 * alternative name, code signing, key identifiers, OIDC issuer, and a filler where the SCT list would be.
 * Signed with ECDSA P-256 and SHA-256 by `issuerKey`. Returns DER.
 */
export function makeCertificate(subject: CertificateSubject, issuerKey: KeyObject, notBefore: Date): Buffer {
  const tbs = sequence(
    tlv(0xa0, unsignedInteger(Buffer.from([2]))),
    unsignedInteger(randomBytes(19)),
    ECDSA_WITH_SHA256,
    ISSUER,
    sequence(utcTime(notBefore), utcTime(new Date(notBefore.getTime() + VALIDITY_MS))),
    sequence(),
    subject.spki,
    tlv(0xa3, extensions(subject)),
  );
  return sequence(tbs, ECDSA_WITH_SHA256, bitString(sign('sha256', tbs, issuerKey)));
}

function extensions(subject: CertificateSubject): Buffer {
  const keyIdentifier = createHash('sha1').update(subject.spki).digest();
  return sequence(
    extension('2.5.29.15', Buffer.from([3, 2, 7, 0x80]), true),
    extension('2.5.29.37', CODE_SIGNING),
    extension('2.5.29.14', tlv(4, keyIdentifier)),
    extension('2.5.29.35', sequence(tlv(0x80, createHash('sha1').update(ISSUER).digest()))),
    extension('2.5.29.17', sequence(tlv(0x81, Buffer.from(subject.email))), true),
    extension('1.3.6.1.4.1.57264.1.1', Buffer.from('https://accounts.example.com')),
    extension('1.3.6.1.4.1.57264.1.8', tlv(12, Buffer.from('https://accounts.example.com'))),
    extension('1.3.6.1.4.1.57264.1.99', tlv(4, Buffer.alloc(subject.padding ?? 122, 0x5a))),
  );
}

function extension(oid: string, value: Uint8Array, critical = false): Buffer {
  const flag = critical ? [tlv(1, Buffer.from([0xff]))] : [];
  return sequence(objectIdentifier(oid), ...flag, tlv(4, value));
}

function attribute(oid: string, value: string): Buffer {
  return tlv(0x31, sequence(objectIdentifier(oid), tlv(12, Buffer.from(value))));
}
