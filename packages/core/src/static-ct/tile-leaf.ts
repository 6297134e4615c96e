import { asHash, HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { within } from '../on-line.ts';
import { checkWidth } from '../tiles/tile-id.ts';
import { ByteReader, uint } from './byte-reader.ts';

/** What a log entry certifies. */
export type CtSubject =
  | { readonly kind: 'certificate' /** DER, 1 … 2^24-1 bytes. */; readonly certificate: Uint8Array }
  | {
      readonly kind: 'precertificate';
      /** SHA-256 of the issuer's public key. */
      readonly issuerKeyHash: Hash;
      /** The TBSCertificate without the poison extension, DER, 1 … 2^24-1 bytes. */
      readonly tbsCertificate: Uint8Array;
      /** The precertificate as it was submitted, DER; not covered by the leaf hash. */
      readonly precertificate: Uint8Array;
    };

/** One entry of a static-CT log as its data tiles hold it (static-ct-api, "Log Entries"). */
export interface TileLeaf {
  /** Milliseconds since 1970, 0 … 2^53-1. */
  readonly timestamp: number;
  readonly subject: CtSubject;
  /** At most 65535 bytes; see `decodeCtExtensions`. */
  readonly extensions: Uint8Array;
  /** SHA-256 of each certificate of the chain, the issuer's first; at most 2047. */
  readonly chain: readonly Hash[];
}

const MAX_U16 = 65_535;
const MAX_U24 = 16_777_215;
const ENTRY_TYPE = { certificate: 0, precertificate: 1 } as const;

/**
 * The leaf at the beginning of `bytes`, and how many bytes it takes. Its parts are views of `bytes`.
 *
 * @throws CoreError `malformed`, naming the byte.
 */
export function decodeTileLeaf(bytes: Uint8Array): { readonly leaf: TileLeaf; readonly size: number } {
  const reader = new ByteReader(bytes);
  const timestamp = reader.integer(8);
  const type = reader.integer(2);
  if (type !== ENTRY_TYPE.certificate && type !== ENTRY_TYPE.precertificate) {
    throw new CoreError('malformed', `an entry of type ${type} is neither a certificate nor a precertificate`);
  }
  const issuerKeyHash = type === ENTRY_TYPE.precertificate ? asHash(reader.take(HASH_SIZE)) : undefined;
  const certificate = nonEmpty(reader.vector(3), reader.at);
  const extensions = reader.vector(2);
  const subject: CtSubject =
    issuerKeyHash === undefined
      ? { kind: 'certificate', certificate }
      : {
          kind: 'precertificate',
          issuerKeyHash,
          tbsCertificate: certificate,
          precertificate: nonEmpty(reader.vector(3), reader.at),
        };
  const chain = reader.vector(2);
  if (chain.length % HASH_SIZE !== 0)
    throw new CoreError('malformed', `the chain before byte ${reader.at} is not of hashes`);
  const hashes = Array.from({ length: chain.length / HASH_SIZE }, (_, i) =>
    asHash(chain.slice(i * HASH_SIZE, (i + 1) * HASH_SIZE)),
  );
  return { leaf: { timestamp, subject, extensions, chain: hashes }, size: reader.at };
}

/**
 * The bytes of a leaf.
 *
 * @throws CoreError `out-of-range`
 */
export function encodeTileLeaf(leaf: TileLeaf): Uint8Array<ArrayBuffer> {
  const { subject, chain } = leaf;
  const precertificate = subject.kind === 'precertificate' ? vector(3, subject.precertificate, 1) : new Uint8Array(0);
  return concatBytes(timestampedEntry(leaf), precertificate, vector(2, concatBytes(...chain), 0));
}

/** The Merkle leaf hash of an entry: of its timestamp, subject and extensions, not of the chain (RFC 6962, section 3.4). */
export function ctLeafHash(leaf: TileLeaf): Hash {
  return leafHash(concatBytes(uint(0, 2), timestampedEntry(leaf)));
}

/**
 * The leaves of a data tile of `width` leaves, 1 … 256.
 *
 * @throws CoreError `out-of-range` for another width, `malformed` when a leaf is cut short or bytes are left over.
 */
export function decodeDataTile(bytes: Uint8Array, width: number): TileLeaf[] {
  checkWidth(width);
  const leaves: TileLeaf[] = [];
  let at = 0;
  while (leaves.length < width) {
    const { leaf, size } = within(`leaf ${leaves.length}, from byte ${at} on`, () =>
      decodeTileLeaf(bytes.subarray(at)),
    );
    leaves.push(leaf);
    at += size;
  }
  if (at === bytes.length) return leaves;
  throw new CoreError('malformed', `${bytes.length - at} bytes follow the ${width} leaves of the data tile`);
}

function timestampedEntry({ timestamp, subject, extensions }: TileLeaf): Uint8Array {
  const body =
    subject.kind === 'certificate'
      ? vector(3, subject.certificate, 1)
      : concatBytes(asHash(subject.issuerKeyHash), vector(3, subject.tbsCertificate, 1));
  return concatBytes(uint(timestamp, 8), uint(ENTRY_TYPE[subject.kind], 2), body, vector(2, extensions, 0));
}

function vector(lengthSize: 2 | 3, bytes: Uint8Array, least: number): Uint8Array {
  const most = lengthSize === 2 ? MAX_U16 : MAX_U24;
  if (bytes.length < least || bytes.length > most) {
    throw new CoreError('out-of-range', `this part of an entry has ${least} to ${most} bytes, not ${bytes.length}`);
  }
  return concatBytes(uint(bytes.length, lengthSize), bytes);
}

function nonEmpty(bytes: Uint8Array, at: number): Uint8Array {
  if (bytes.length === 0) throw new CoreError('malformed', `the certificate before byte ${at} is empty`);
  return bytes;
}
