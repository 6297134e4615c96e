import { concatBytes, decodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { constructedContextTag, contextTag, Tag } from '../../der/der-reader.ts';
import { derElement, derUnsigned } from '../../der/der-writer.ts';

/** What to change about a plain certificate; every part is the DER of its element. */
export interface CertificateParts {
  readonly spki: Uint8Array;
  /** `[0] { INTEGER }`; empty for version 1. */
  readonly version?: Uint8Array;
  readonly serial?: Uint8Array;
  readonly algorithm?: Uint8Array;
  readonly outerAlgorithm?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly notBefore?: Uint8Array;
  readonly notAfter?: Uint8Array;
  readonly extensions?: readonly Uint8Array[];
  readonly signature?: Uint8Array;
}

const ECDSA_WITH_SHA256 = derElement(Tag.sequence, derElement(Tag.oid, decodeHex('2a8648ce3d040302')));
const VERSION_3 = derElement(constructedContextTag(0), derUnsigned(Uint8Array.of(2)));

/** A UTCTime. */
export function utcTime(text: string): Uint8Array {
  return derElement(Tag.utcTime, encodeUtf8(text));
}

/** A Name with one common name, a UTF8String unless told otherwise. */
export function commonName(text: Uint8Array | string, tag: number = Tag.utf8String): Uint8Array {
  const value = derElement(tag, typeof text === 'string' ? encodeUtf8(text) : text);
  const attribute = derElement(Tag.sequence, derElement(Tag.oid, decodeHex('550403')), value);
  return derElement(Tag.sequence, derElement(Tag.set, attribute));
}

/** An extension; `oid` is the hex of its content octets. */
export function extension(oid: string, value: Uint8Array, critical = false): Uint8Array {
  const flag = critical ? derElement(Tag.boolean, Uint8Array.of(0xff)) : new Uint8Array(0);
  return derElement(Tag.sequence, derElement(Tag.oid, decodeHex(oid)), flag, derElement(Tag.octetString, value));
}

/** The SubjectAltName extension with one name: 1 an email, 2 a domain, 6 a URI. */
export function altName(kind: number, text: string): Uint8Array {
  return extension('551d11', derElement(Tag.sequence, derElement(contextTag(kind), encodeUtf8(text))), true);
}

/** A certificate whose signature is nonsense: a log checks none. Version 3, with what Fulcio's have, unless told otherwise. */
export function certificate(parts: CertificateParts): Uint8Array {
  const algorithm = parts.algorithm ?? ECDSA_WITH_SHA256;
  const name = commonName('sigstore');
  const validity = derElement(
    Tag.sequence,
    parts.notBefore ?? utcTime('250101000000Z'),
    parts.notAfter ?? utcTime('250101001000Z'),
  );
  const list = parts.extensions ?? fulcioExtensions();
  const extensions = derElement(constructedContextTag(3), derElement(Tag.sequence, ...list));
  const tbs = derElement(
    Tag.sequence,
    parts.version ?? VERSION_3,
    parts.serial ?? derUnsigned(Uint8Array.of(0x5a, 0x17)),
    algorithm,
    parts.issuer ?? name,
    validity,
    derElement(Tag.sequence),
    parts.spki,
    list.length === 0 ? new Uint8Array(0) : extensions,
  );
  const signature =
    parts.signature ?? derElement(Tag.bitString, concatBytes(Uint8Array.of(0), derElement(Tag.sequence)));
  return derElement(Tag.sequence, tbs, parts.outerAlgorithm ?? algorithm, signature);
}

function fulcioExtensions(): Uint8Array[] {
  const codeSigning = derElement(Tag.sequence, derElement(Tag.oid, decodeHex('2b06010505070303')));
  return [
    extension('551d0f', decodeHex('03020780'), true),
    extension('551d25', codeSigning),
    altName(6, 'https://github.com/example/project/.github/workflows/release.yml@refs/tags/v1'),
    extension('2b0601040183bf300101', encodeUtf8('https://token.actions.githubusercontent.com')),
  ];
}
