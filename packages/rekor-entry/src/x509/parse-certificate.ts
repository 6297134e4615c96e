import { equalBytes } from '@tilewright/core/bytes';
import { constructedContextTag, contextTag, DerReader, malformed, Tag } from '../der/der-reader.ts';
import { isNegative, readBitString, readInteger, readOid } from '../der/der-values.ts';
import { EntryError } from '../entry-error.ts';
import { parseSpkiContent } from '../keys/parse-public-key.ts';
import type { OtherPublicKey, PublicKeyInfo } from '../keys/public-key.ts';
import { checkExtensions } from './extensions.ts';
import { checkName } from './names.ts';
import { checkTime } from './times.ts';

const UNKNOWN_KEY: OtherPublicKey = { kind: 'other', name: 'unknown key' };

/**
 * The key of one X.509 certificate in DER, nothing after it (RFC 5280, 4.1). Refuses what Go's x509.ParseCertificate
 * refuses, so that a certificate that gets into this log is one that its Go readers can parse. Chains, validity and
 * usages are not judged: a Rekor v2 log does not.
 *
 * @throws EntryError `malformed-key`
 */
export function parseCertificateKey(der: Uint8Array): PublicKeyInfo | OtherPublicKey {
  const source = new DerReader(der);
  const certificate = source.read(Tag.sequence, 'certificate');
  const tbs = certificate.read(Tag.sequence, 'tbs certificate');
  const version = readVersion(tbs);
  if (isNegative(readInteger(tbs, 'serial number'))) throw new EntryError('malformed-key', 'negative serial number');
  const innerAlgorithm = tbs.read(Tag.sequence, 'signature algorithm identifier');
  const outerAlgorithm = certificate.read(Tag.sequence, 'algorithm identifier');
  if (!equalBytes(innerAlgorithm.rest(), outerAlgorithm.rest())) {
    throw new EntryError('malformed-key', "inner and outer signature algorithm identifiers don't match");
  }
  readOid(innerAlgorithm, 'signature algorithm identifier');
  if (!innerAlgorithm.empty) innerAlgorithm.any('signature algorithm parameters');
  checkName(tbs.read(Tag.sequence, 'issuer'));
  const validity = tbs.read(Tag.sequence, 'validity');
  checkTime(validity);
  checkTime(validity);
  checkName(tbs.read(Tag.sequence, 'subject'));
  const key = parseSpkiContent(tbs.read(Tag.sequence, 'spki')) ?? UNKNOWN_KEY;
  if (version > 1) {
    tbs.optional(contextTag(1), 'issuerUniqueID');
    tbs.optional(contextTag(2), 'subjectUniqueID');
  }
  if (version === 3) {
    const extensions = tbs.optional(constructedContextTag(3), 'extensions');
    if (extensions !== undefined) checkExtensions(extensions.read(Tag.sequence, 'extensions'));
  }
  readBitString(certificate, 'signature');
  if (!source.empty) throw new EntryError('malformed-key', 'trailing data');
  return key;
}

/** 1, 2 or 3; the encoding counts from 0 and leaves out 1. */
function readVersion(tbs: DerReader): number {
  const explicit = tbs.optional(constructedContextTag(0), 'version');
  if (explicit === undefined) return 1;
  const [version = 0, ...more] = readInteger(explicit, 'version');
  if (!explicit.empty || version >= 0x80) throw malformed('version');
  if (more.length > 0 || version > 2) throw new EntryError('malformed-key', 'invalid version');
  return version + 1;
}
