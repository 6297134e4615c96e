import fs from 'node:fs';
import { argv } from 'node:process';
import { serialize } from 'node:v8';
import { type BlockEvent, DISK_FILE, MARK_FILE } from './block-event.ts';
import {
  answerTo,
  attributesAnswer,
  entryAnswer,
  FUSE,
  type FuseRequest,
  initAnswer,
  openAnswer,
  parseRequest,
  REQUEST_BYTES,
  rangeOf,
  statfsAnswer,
  writtenAnswer,
  writtenBytes,
} from './fuse-messages.ts';

/*
 * Run as a process of its own, with /dev/fuse open as descriptor 3: a file system that holds one file, a disk in
 * memory, and writes down everything that a block device on top of it asks for. When it is unmounted, what was written
 * down goes to a file.
 */
const [, , base = '', log = ''] = argv;
const FUSE_DEVICE = 3;
const ROOT_NODE = 1n;
const DISK_NODE = 2n;
const MARK_NODE = 3n;
const ENOENT = 2;
const ENOSYS = 38;
const EMPTY = Buffer.alloc(0);
/** Requests that no answer is sent to. */
const SILENT: readonly number[] = [FUSE.forget, FUSE.batchForget, FUSE.interrupt];

const disk = fs.readFileSync(base);
const events: BlockEvent[] = [];
const buffer = Buffer.alloc(REQUEST_BYTES);
for (let request = next(); request !== undefined; request = next()) {
  if (SILENT.includes(request.operation)) continue;
  const answer = handle(request);
  const bytes = typeof answer === 'number' ? answerTo(request.id, answer, EMPTY) : answerTo(request.id, 0, answer);
  fs.writeSync(FUSE_DEVICE, bytes);
}
fs.writeFileSync(log, serialize(events));

/** The next request; nothing once the file system is unmounted. */
function next(): FuseRequest | undefined {
  for (;;) {
    try {
      return parseRequest(buffer.subarray(0, fs.readSync(FUSE_DEVICE, buffer)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENODEV') return undefined;
      // Not mounted yet; or a request was taken back.
      if (code === 'EPERM') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      else if (code !== 'ENOENT' && code !== 'EINTR' && code !== 'EAGAIN') throw error;
    }
  }
}

/** The answer, or the number of an error. */
function handle({ operation, node, body }: FuseRequest): Uint8Array | number {
  switch (operation) {
    case FUSE.init:
      return initAnswer(body);
    case FUSE.lookup:
      return lookUp(body.toString('latin1', 0, body.length - 1));
    case FUSE.getattr:
    case FUSE.setattr:
      return attributesAnswer(node, node === ROOT_NODE, sizeOf(node));
    case FUSE.open:
      return openAnswer();
    case FUSE.read: {
      const { offset, length } = rangeOf(body);
      return node === DISK_NODE ? disk.subarray(offset, offset + length) : EMPTY;
    }
    case FUSE.write:
      return write(node, rangeOf(body).offset, writtenBytes(body));
    case FUSE.fsync:
      if (node === DISK_NODE) events.push({ kind: 'flush' });
      return EMPTY;
    case FUSE.statfs:
      return statfsAnswer();
    case FUSE.flush:
    case FUSE.release:
      return EMPTY;
    default:
      return ENOSYS;
  }
}

function lookUp(name: string): Uint8Array | number {
  const node = name === DISK_FILE ? DISK_NODE : name === MARK_FILE ? MARK_NODE : undefined;
  return node === undefined ? ENOENT : entryAnswer(node, sizeOf(node));
}

function sizeOf(node: bigint): number {
  return node === DISK_NODE ? disk.length : 0;
}

function write(node: bigint, offset: number, bytes: Buffer): Uint8Array {
  if (node === MARK_NODE) {
    events.push({ kind: 'mark', number: bytes.readUInt32LE(0) });
  } else {
    bytes.copy(disk, offset);
    events.push({ kind: 'write', offset, bytes: Uint8Array.from(bytes) });
  }
  return writtenAnswer(bytes.length);
}
