import { encodeHex } from '@tilewright/core/bytes';
import { contextTag, type DerReader, malformed, Tag } from '../der/der-reader.ts';
import { readInteger } from '../der/der-values.ts';

/** Checks a CertificatePolicies value (RFC 5280, 4.2.1.4): no policy twice. Throws EntryError `malformed-key`. */
export function checkPolicies(value: DerReader): void {
  const what = 'certificate policies';
  const policies = value.read(Tag.sequence, what);
  const seen = new Set<string>();
  while (!policies.empty) {
    const oid = policies.read(Tag.sequence, what).read(Tag.oid, what).rest();
    const text = encodeHex(oid);
    if (!isMinimalOid(oid) || seen.has(text)) throw malformed(what);
    seen.add(text);
  }
}

// Arcs of any size, other than in `readOid`.
function isMinimalOid(bytes: Uint8Array): boolean {
  let previous = 0;
  for (const byte of bytes) {
    if (previous < 0x80 && byte === 0x80) return false;
    previous = byte;
  }
  return bytes.length > 0 && previous < 0x80;
}

/** Checks a PolicyMappings value (RFC 5280, 4.2.1.5). Throws EntryError `malformed-key`. */
export function checkPolicyMappings(value: DerReader): void {
  const what = 'policy mappings';
  const mappings = value.read(Tag.sequence, what);
  while (!mappings.empty) {
    const mapping = mappings.read(Tag.sequence, what);
    mapping.read(Tag.oid, what);
    mapping.read(Tag.oid, what);
  }
}

/** Checks a PolicyConstraints value (RFC 5280, 4.2.1.11). Throws EntryError `malformed-key`. */
export function checkPolicyConstraints(value: DerReader): void {
  const what = 'policy constraints';
  const constraints = value.read(Tag.sequence, what);
  for (const tag of [contextTag(0), contextTag(1)]) {
    if (constraints.peek() === tag && readInteger(constraints, what, tag).length > 8) throw malformed(what);
  }
}
