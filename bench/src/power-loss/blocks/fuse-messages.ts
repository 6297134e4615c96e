/**
 * As much of the kernel's FUSE protocol as a file system of three fixed names needs: numbers, and where things stand
 * in its messages (linux/fuse.h, version 7.31). All integers are little-endian.
 */
export const FUSE = {
  lookup: 1,
  forget: 2,
  getattr: 3,
  setattr: 4,
  open: 14,
  read: 15,
  write: 16,
  statfs: 17,
  release: 18,
  fsync: 20,
  flush: 25,
  init: 26,
  interrupt: 36,
  batchForget: 42,
} as const;

/** Bytes of a request before its own fields. */
export const REQUEST_HEADER = 40;
/** Most bytes that one write carries. */
export const MOST_WRITTEN: number = 1024 * 1024;
/** Of a buffer that takes any request. */
export const REQUEST_BYTES: number = MOST_WRITTEN + 64 * 1024;

const FOREVER_S = 3600n;
const PAGE = 4096;
const FLAG_BIG_WRITES = 2 ** 5;
const FLAG_MAX_PAGES = 2 ** 22;
const DIRECT_IO = 1;
const DIRECTORY = 0o040700;
const FILE = 0o100600;

/** What a request says about itself. */
export interface FuseRequest {
  readonly operation: number;
  /** Number that the answer repeats. */
  readonly id: bigint;
  readonly node: bigint;
  /** Its own fields. */
  readonly body: Buffer;
}

/** The request in the first bytes of a buffer. */
export function parseRequest(bytes: Buffer): FuseRequest {
  return {
    operation: bytes.readUInt32LE(4),
    id: bytes.readBigUInt64LE(8),
    node: bytes.readBigUInt64LE(16),
    body: bytes.subarray(REQUEST_HEADER, bytes.readUInt32LE(0)),
  };
}

/** Where a read or write is to happen. */
export function rangeOf(body: Buffer): { readonly offset: number; readonly length: number } {
  return { offset: Number(body.readBigUInt64LE(8)), length: body.readUInt32LE(16) };
}

/** The bytes of a write. */
export function writtenBytes(body: Buffer): Buffer {
  return body.subarray(REQUEST_HEADER, REQUEST_HEADER + rangeOf(body).length);
}

/** An answer; `error` is a positive error number. */
export function answerTo(id: bigint, error: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(header.length + body.length, 0);
  header.writeInt32LE(-error, 4);
  header.writeBigUInt64LE(id, 8);
  return Buffer.concat([header, body]);
}

/** Answer to `init`: no cache of written pages, as many bytes a write as there may be. */
export function initAnswer(request: Buffer): Buffer {
  const body = Buffer.alloc(64);
  body.writeUInt32LE(7, 0);
  body.writeUInt32LE(31, 4);
  body.writeUInt32LE(request.readUInt32LE(8), 8);
  body.writeUInt32LE(FLAG_BIG_WRITES + FLAG_MAX_PAGES, 12);
  body.writeUInt16LE(16, 16);
  body.writeUInt16LE(12, 18);
  body.writeUInt32LE(MOST_WRITTEN, 20);
  body.writeUInt32LE(1, 24);
  body.writeUInt16LE(MOST_WRITTEN / PAGE, 28);
  return body;
}

/** Attributes of a node, as `getattr` and `setattr` answer them. */
export function attributesAnswer(node: bigint, isDirectory: boolean, size: number): Buffer {
  const body = Buffer.alloc(104);
  body.writeBigUInt64LE(FOREVER_S, 0);
  writeAttributes(body, 16, node, isDirectory, size);
  return body;
}

/** Answer to `lookup`. */
export function entryAnswer(node: bigint, size: number): Buffer {
  const body = Buffer.alloc(128);
  body.writeBigUInt64LE(node, 0);
  body.writeBigUInt64LE(FOREVER_S, 16);
  body.writeBigUInt64LE(FOREVER_S, 24);
  writeAttributes(body, 40, node, false, size);
  return body;
}

/** Answer to `open`: every read and write comes here, none is kept in memory. */
export function openAnswer(): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(DIRECT_IO, 8);
  return body;
}

/** Answer to `write`. */
export function writtenAnswer(length: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32LE(length, 0);
  return body;
}

/** Answer to `statfs`. */
export function statfsAnswer(): Buffer {
  const body = Buffer.alloc(80);
  body.writeUInt32LE(PAGE, 40);
  body.writeUInt32LE(255, 44);
  return body;
}

function writeAttributes(body: Buffer, at: number, node: bigint, isDirectory: boolean, size: number): void {
  body.writeBigUInt64LE(node, at);
  body.writeBigUInt64LE(BigInt(size), at + 8);
  body.writeUInt32LE(isDirectory ? DIRECTORY : FILE, at + 60);
  body.writeUInt32LE(1, at + 64);
  body.writeUInt32LE(PAGE, at + 80);
}
