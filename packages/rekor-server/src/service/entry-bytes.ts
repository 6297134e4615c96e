import type { Publication } from '@tilewright/log';
import type { LogEntry } from './log-entry.ts';

const HASH_BYTES = 32;
/** A hash with its tag and length. */
const HASH_FIELD_BYTES = 2 + HASH_BYTES;

/** Wire types (Protocol Buffers, Encoding). */
const VARINT = 0;
const BYTES = 2;

/** Field numbers of `TransparencyLogEntry`, `LogId`, `KindVersion`, `InclusionProof` and `Checkpoint` (sigstore_rekor.proto). */
const ENTRY = { logIndex: 1, logId: 2, kindVersion: 3, inclusionProof: 6, canonicalizedBody: 7 } as const;
const LOG_ID = { keyId: 1 } as const;
const KIND_VERSION = { kind: 1, version: 2 } as const;
const PROOF = { logIndex: 1, rootHash: 2, treeSize: 3, hashes: 4, checkpoint: 5 } as const;
const CHECKPOINT = { envelope: 1 } as const;

/** What all answers of one publication share. */
interface PublicationBytes {
  readonly publication: Publication;
  /** Fields of the proof before its hashes, and behind them. */
  readonly beforeHashes: Buffer;
  readonly afterHashes: Buffer;
}

/**
 * Writes `TransparencyLogEntry` as protobuf, fields in order and zeros left out, as every encoder does. By hand, because it
 * is on every answer's way: 3 to 7 µs, where the library's reflection takes 15 to 25.
 */
export class EntryBytes {
  readonly #logId: Buffer;
  readonly #kindVersions = new Map<string, Buffer>();
  #latest: PublicationBytes | undefined;

  /** `logId` is the full 32-byte key hash. */
  constructor(logId: Uint8Array) {
    this.#logId = bytesField(ENTRY.logId, bytesField(LOG_ID.keyId, logId));
  }

  encode(entry: LogEntry): Uint8Array {
    const { index, proof, body } = entry;
    const { beforeHashes, afterHashes } = this.#shared(entry.publication);
    const kindVersion = this.#kindVersion(entry);
    const indexBytes = index === 0 ? 0 : 1 + varintLength(index);
    const inclusion = indexBytes + beforeHashes.length + proof.length * HASH_FIELD_BYTES + afterHashes.length;
    const bodyBytes = body.length === 0 ? 0 : 1 + varintLength(body.length) + body.length;
    const fixed = indexBytes + this.#logId.length + kindVersion.length + 1 + varintLength(inclusion);
    const bytes = Buffer.allocUnsafe(fixed + inclusion + bodyBytes);
    let at = writeCount(bytes, 0, ENTRY.logIndex, index);
    at = writeBytes(bytes, at, this.#logId);
    at = writeBytes(bytes, at, kindVersion);
    at = writeHead(bytes, at, ENTRY.inclusionProof, inclusion);
    at = writeCount(bytes, at, PROOF.logIndex, index);
    at = writeBytes(bytes, at, beforeHashes);
    for (const hash of proof) {
      at = writeHead(bytes, at, PROOF.hashes, HASH_BYTES);
      at = writeBytes(bytes, at, hash);
    }
    at = writeBytes(bytes, at, afterHashes);
    if (body.length > 0) writeBytes(bytes, writeHead(bytes, at, ENTRY.canonicalizedBody, body.length), body);
    return bytes;
  }

  #kindVersion({ kind, version }: LogEntry): Buffer {
    const key = `${kind} ${version}`;
    let bytes = this.#kindVersions.get(key);
    if (bytes === undefined) {
      const fields = [
        bytesField(KIND_VERSION.kind, Buffer.from(kind)),
        bytesField(KIND_VERSION.version, Buffer.from(version)),
      ];
      bytes = bytesField(ENTRY.kindVersion, Buffer.concat(fields));
      this.#kindVersions.set(key, bytes);
    }
    return bytes;
  }

  #shared(publication: Publication): PublicationBytes {
    if (this.#latest?.publication === publication) return this.#latest;
    const { tree, note } = publication;
    this.#latest = {
      publication,
      beforeHashes: Buffer.concat([bytesField(PROOF.rootHash, tree.root), countField(PROOF.treeSize, tree.size)]),
      afterHashes: bytesField(PROOF.checkpoint, bytesField(CHECKPOINT.envelope, note)),
    };
    return this.#latest;
  }
}

function tag(field: number, wireType: number): number {
  return field * 8 + wireType;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}

/** Seven bits a byte, lowest first. No 32-bit operators: an index has up to 53 bits. The writers return where they ended. */
function writeVarint(bytes: Buffer, at: number, value: number): number {
  let end = at;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[end++] = (rest % 0x80) + 0x80;
  bytes[end++] = rest;
  return end;
}

/** A number from 0 to 2^53-1; 0 is left out, as proto3 has it. */
function writeCount(bytes: Buffer, at: number, field: number, value: number): number {
  if (value === 0) return at;
  bytes[at] = tag(field, VARINT);
  return writeVarint(bytes, at + 1, value);
}

/** Tag and length of a field whose bytes follow. */
function writeHead(bytes: Buffer, at: number, field: number, length: number): number {
  bytes[at] = tag(field, BYTES);
  return writeVarint(bytes, at + 1, length);
}

function writeBytes(bytes: Buffer, at: number, part: Uint8Array): number {
  bytes.set(part, at);
  return at + part.length;
}

function countField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(value === 0 ? 0 : 1 + varintLength(value));
  writeCount(bytes, 0, field, value);
  return bytes;
}

function bytesField(field: number, part: Uint8Array): Buffer {
  if (part.length === 0) return Buffer.alloc(0);
  const bytes = Buffer.alloc(1 + varintLength(part.length) + part.length);
  writeBytes(bytes, writeHead(bytes, 0, field, part.length), part);
  return bytes;
}
