import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { parseDecimal } from '../bytes/decimal.ts';
import { asHash, type Hash } from '../bytes/hash-value.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { asLeafIndex, type LeafIndex } from '../bytes/tree-numbers.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { onLine } from '../on-line.ts';

/** An entry's inclusion proof and the checkpoint that it leads to, as one file (tlog-proof, `.tlog-proof`). */
export interface TlogProof {
  /** Whatever the application put there; nobody signed it. */
  readonly extra: Uint8Array | undefined;
  readonly index: LeafIndex;
  /** Inclusion proof from the leaf to the root (RFC 6962, section 2.1.1); at most 63 hashes. */
  readonly proof: readonly Hash[];
  /** The signed checkpoint, byte for byte. */
  readonly checkpoint: Uint8Array;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const EXTRA = 'extra ';
const INDEX = 'index ';
const MAX_HASHES = 63;
const MAX_SIZE = 2 * 1024 * 1024;

/**
 * Reads a proof. Nothing in it is verified; its checkpoint is not read.
 *
 * @throws CoreError `malformed`, naming the line; `size-unsupported` for an index above 2^53-2, the last one of a tree that is counted here.
 */
export function parseTlogProof(bytes: Uint8Array): TlogProof {
  if (bytes.length > MAX_SIZE) throw new CoreError('malformed', `a proof has at most ${MAX_SIZE} bytes`);
  const text = decodeUtf8(bytes);
  const end = text.indexOf('\n\n');
  if (end < 0) throw new CoreError('malformed', 'no empty line stands between the proof and the checkpoint');
  const lines = text.slice(0, end).split('\n', MAX_HASHES + 4);
  if (lines[0] !== FIRST_LINE) throw new CoreError('malformed', `line 1 is not '${FIRST_LINE}'`);
  const hasExtra = lines[1]?.startsWith(EXTRA) === true;
  const indexAt = hasExtra ? 2 : 1;
  const index = lines[indexAt];
  if (index?.startsWith(INDEX) !== true) throw new CoreError('malformed', `line ${indexAt + 1} is not an index`);
  const hashes = lines.slice(indexAt + 1);
  if (hashes.length > MAX_HASHES) throw new CoreError('malformed', `a proof has at most ${MAX_HASHES} hashes`);
  return {
    extra: hasExtra ? onLine(2, () => decodeBase64(lines[1]?.slice(EXTRA.length) ?? '')) : undefined,
    index: onLine(indexAt + 1, () => indexOf(index.slice(INDEX.length))),
    proof: hashes.map((line, at) => onLine(indexAt + at + 2, () => asHash(decodeBase64(line)))),
    checkpoint: encodeUtf8(text.slice(end + 2)),
  };
}

/**
 * The bytes of a proof.
 *
 * @throws CoreError `out-of-range` for more than 63 hashes or an impossible index.
 */
export function formatTlogProof({ extra, index, proof, checkpoint }: TlogProof): Uint8Array<ArrayBuffer> {
  if (proof.length > MAX_HASHES) throw new CoreError('out-of-range', `a proof has at most ${MAX_HASHES} hashes`);
  const lines = [
    FIRST_LINE,
    ...(extra === undefined ? [] : [`${EXTRA}${encodeBase64(extra)}`]),
    `${INDEX}${asLeafIndex(index)}`,
    ...proof.map((hash) => encodeBase64(hash)),
  ];
  return concatBytes(encodeUtf8(`${lines.join('\n')}\n\n`), checkpoint);
}

function indexOf(decimal: string): LeafIndex {
  const index = parseDecimal(decimal);
  // The tree that it belongs to is larger by one at least.
  if (index === Number.MAX_SAFE_INTEGER) throw new CoreError('size-unsupported', `${index} is above 2^53-2`);
  return asLeafIndex(index);
}
