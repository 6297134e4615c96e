import { constructedContextTag, contextTag, type DerReader, malformed, Tag } from '../der/der-reader.ts';
import { EntryError } from '../entry-error.ts';
import { isDomainName, isMailbox } from './domain-name.ts';
import { isIpv4, isIpv6 } from './ip-address.ts';
import { isAscii } from './names.ts';
import { asciiText } from './subject-alt-name.ts';

const WHAT = 'NameConstraints extension';

/** Checks a NameConstraints value (RFC 5280, 4.2.1.10). Throws EntryError `malformed-key`. */
export function checkNameConstraints(value: DerReader): void {
  const constraints = value.read(Tag.sequence, WHAT);
  const permitted = constraints.optional(constructedContextTag(0), WHAT);
  const excluded = constraints.optional(constructedContextTag(1), WHAT);
  if (!value.empty || !constraints.empty) throw malformed(WHAT);
  if ((permitted?.length ?? 0) === 0 && (excluded?.length ?? 0) === 0) {
    throw new EntryError('malformed-key', 'empty name constraints extension');
  }
  if (permitted !== undefined) checkSubtrees(permitted);
  if (excluded !== undefined) checkSubtrees(excluded);
}

function checkSubtrees(subtrees: DerReader): void {
  while (!subtrees.empty) {
    const subtree = subtrees.read(Tag.sequence, WHAT);
    const tag = subtree.peek();
    const base = subtree.any(WHAT).rest();
    if (!isConstraint(tag, base)) throw malformed(`${WHAT}: a constraint cannot be parsed`);
  }
}

function isConstraint(tag: number, base: Uint8Array): boolean {
  switch (tag) {
    case contextTag(1):
      return isAscii(base) && isEmailConstraint(asciiText(base));
    case contextTag(2):
      return isAscii(base) && isDomainName(asciiText(base), true);
    case contextTag(6):
      return isAscii(base) && isUriConstraint(asciiText(base));
    case contextTag(7):
      return (base.length === 8 || base.length === 32) && isMask(base.subarray(base.length / 2));
    default:
      return true;
  }
}

function isEmailConstraint(text: string): boolean {
  return text.includes('@') ? isMailbox(text) : isDomainName(text, true);
}

function isUriConstraint(text: string): boolean {
  return !isIpv4(text) && !isIpv6(text) && isDomainName(text, true);
}

/** Whether all ones come before all zeros. */
function isMask(mask: Uint8Array): boolean {
  let bits = '';
  for (const byte of mask) bits += byte.toString(2).padStart(8, '0');
  return /^1*0*$/.test(bits);
}
