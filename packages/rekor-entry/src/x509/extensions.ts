import { encodeHex } from '@tilewright/core/bytes';
import { constructedContextTag, contextTag, type DerReader, malformed, Tag } from '../der/der-reader.ts';
import { isNegative, readBitString, readBoolean, readInteger, readOid } from '../der/der-values.ts';
import { EntryError } from '../entry-error.ts';
import { checkNameConstraints } from './name-constraints.ts';
import { checkPolicies, checkPolicyConstraints, checkPolicyMappings } from './policies.ts';
import { checkSubjectAltName } from './subject-alt-name.ts';

type ExtensionCheck = (value: DerReader, critical: boolean) => void;

// By the content octets of the extension's object identifier: 55 1d is id-ce (RFC 5280, 4.2.1). Extensions that are
// not here are not looked into, critical or not.
const CHECKS: ReadonlyMap<string, ExtensionCheck> = new Map<string, ExtensionCheck>([
  ['551d0e', checkSubjectKeyId],
  ['551d0f', checkKeyUsage],
  ['551d11', checkSubjectAltName],
  ['551d13', checkBasicConstraints],
  ['551d1e', checkNameConstraints],
  ['551d1f', checkCrlDistributionPoints],
  ['551d20', checkPolicies],
  ['551d21', checkPolicyMappings],
  ['551d23', checkAuthorityKeyId],
  ['551d24', checkPolicyConstraints],
  ['551d25', checkExtendedKeyUsage],
  ['551d36', checkInhibitAnyPolicy],
  ['2b06010505070101', checkAuthorityInfoAccess],
]);

/**
 * Checks a certificate's extensions: none comes twice, and those that Go looks into are well-formed.
 *
 * @throws EntryError `malformed-key`
 */
export function checkExtensions(extensions: DerReader): void {
  const seen = new Set<string>();
  while (!extensions.empty) {
    const extension = extensions.read(Tag.sequence, 'extension');
    const oid = encodeHex(readOid(extension, 'extension OID field'));
    const critical = extension.peek() === Tag.boolean && readBoolean(extension, 'extension critical field');
    const value = extension.read(Tag.octetString, 'extension value field');
    if (seen.has(oid)) throw new EntryError('malformed-key', 'certificate contains duplicate extension');
    seen.add(oid);
    CHECKS.get(oid)?.(value, critical);
  }
}

function mustNotBeCritical(critical: boolean, what: string): void {
  if (critical) throw new EntryError('malformed-key', `${what} incorrectly marked critical`);
}

function checkSubjectKeyId(value: DerReader, critical: boolean): void {
  mustNotBeCritical(critical, 'subject key identifier');
  value.read(Tag.octetString, 'subject key identifier');
}

function checkAuthorityKeyId(value: DerReader, critical: boolean): void {
  mustNotBeCritical(critical, 'authority key identifier');
  value.read(Tag.sequence, 'authority key identifier').optional(contextTag(0), 'authority key identifier');
}

function checkKeyUsage(value: DerReader): void {
  readBitString(value, 'key usage');
}

function checkBasicConstraints(value: DerReader): void {
  const what = 'basic constraints';
  const content = value.read(Tag.sequence, what);
  if (content.peek() === Tag.boolean) readBoolean(content, what);
  if (content.peek() !== Tag.integer) return;
  const pathLength = readInteger(content, what);
  if (isNegative(pathLength) || pathLength.length > 8) throw malformed(what);
}

function checkExtendedKeyUsage(value: DerReader): void {
  const usages = value.read(Tag.sequence, 'extended key usages');
  while (!usages.empty) readOid(usages, 'extended key usages');
}

function checkInhibitAnyPolicy(value: DerReader): void {
  if (readInteger(value, 'inhibit any policy').length > 8) throw malformed('inhibit any policy');
}

function checkCrlDistributionPoints(value: DerReader): void {
  const what = 'CRL distribution point';
  const points = value.read(Tag.sequence, what);
  while (!points.empty) {
    const name = points.read(Tag.sequence, what).optional(constructedContextTag(0), what);
    const fullName = name?.read(constructedContextTag(0), what);
    while (fullName?.peek() === contextTag(6)) fullName.any(what);
  }
}

function checkAuthorityInfoAccess(value: DerReader, critical: boolean): void {
  const what = 'authority info access';
  mustNotBeCritical(critical, what);
  const descriptions = value.read(Tag.sequence, what);
  while (!descriptions.empty) {
    const description = descriptions.read(Tag.sequence, what);
    readOid(description, what);
    description.optional(contextTag(6), what);
  }
}
