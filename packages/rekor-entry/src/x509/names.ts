import { decodeUtf8 } from '@tilewright/core/bytes';
import { type DerReader, Tag } from '../der/der-reader.ts';
import { readOid } from '../der/der-values.ts';
import { EntryError } from '../entry-error.ts';

/**
 * Checks the content of a Name (RFC 5280, 4.1.2.4): relative names of attributes, each a text of a known type.
 *
 * @throws EntryError `malformed-key`
 */
export function checkName(name: DerReader): void {
  while (!name.empty) {
    const relative = name.read(Tag.set, 'RDNSequence');
    while (!relative.empty) {
      const attribute = relative.read(Tag.sequence, 'RDNSequence: invalid attribute');
      readOid(attribute, 'RDNSequence: invalid attribute type');
      const tag = attribute.peek();
      const value = attribute.any('RDNSequence: invalid attribute value').rest();
      if (!isText(tag, value)) {
        throw new EntryError('malformed-key', 'invalid RDNSequence: invalid attribute value');
      }
    }
  }
}

function isText(tag: number, value: Uint8Array): boolean {
  switch (tag) {
    case Tag.t61String:
      return true;
    case Tag.printableString:
      return value.every(isPrintable);
    case Tag.utf8String:
      return isUtf8(value);
    case Tag.bmpString:
      return isBmp(value);
    case Tag.ia5String:
      return isAscii(value);
    case Tag.numericString:
      return value.every((byte) => byte === 0x20 || (byte >= 0x30 && byte <= 0x39));
    default:
      return false;
  }
}

// X.680 41.4, and with them * and &, which certificates in the wild contain.
const PRINTABLE = new Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?*&");

function isPrintable(byte: number): boolean {
  return PRINTABLE.has(String.fromCharCode(byte));
}

/** Whether every byte is below 0x80, as in an IA5String. */
export function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

function isUtf8(bytes: Uint8Array): boolean {
  if (isAscii(bytes)) return true;
  try {
    decodeUtf8(bytes);
    return true;
  } catch {
    return false;
  }
}

// UCS-2: no surrogates and no noncharacters, but for a terminating zero.
function isBmp(bytes: Uint8Array): boolean {
  if (bytes.length % 2 !== 0) return false;
  for (let i = 0; i < bytes.length; i += 2) {
    const unit = (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0);
    if (unit >= 0xfffe || (unit >= 0xfdd0 && unit <= 0xfdef) || (unit >= 0xd800 && unit <= 0xdfff)) return false;
  }
  return true;
}
