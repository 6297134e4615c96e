import { contextTag, type DerReader, malformed, Tag } from '../der/der-reader.ts';
import { EntryError } from '../entry-error.ts';
import { isAscii } from './names.ts';
import { isUriOfCertificate } from './uri.ts';

const EMAIL = contextTag(1);
const DNS = contextTag(2);
const URI = contextTag(6);
const IP = contextTag(7);

/** Checks a SubjectAltName value (RFC 5280, 4.2.1.6); unknown kinds of names pass. Throws EntryError `malformed-key`. */
export function checkSubjectAltName(value: DerReader): void {
  const names = value.read(Tag.sequence, 'subject alternative names');
  while (!names.empty) {
    const tag = names.peek();
    const name = names.any('subject alternative name').rest();
    if (tag === IP && name.length !== 4 && name.length !== 16) {
      throw new EntryError('malformed-key', `cannot parse IP address of length ${name.length}`);
    }
    if (tag !== EMAIL && tag !== DNS && tag !== URI) continue;
    if (!isAscii(name)) throw malformed('subject alternative name: not ASCII');
    if (tag === URI && !isUriOfCertificate(asciiText(name))) throw malformed('subject alternative name: not a URI');
  }
}

/** The text of ASCII bytes, however many. */
export function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
