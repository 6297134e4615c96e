import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { asHash, type Hash } from '@tilewright/core/bytes';

/** One thing that a later run must know. */
export type JournalLine =
  | { readonly kind: 'sent' | 'refused'; readonly leaf: Hash }
  | { readonly kind: 'answered'; readonly leaf: Hash; readonly index: number; readonly isCreated: boolean }
  | { readonly kind: 'checkpoint'; readonly size: number; readonly root: Hash }
  | { readonly kind: 'published'; readonly size: number }
  | { readonly kind: 'served'; readonly path: string; readonly digest: string };

/**
 * A file of everything that a log was asked and has promised, one line each, written before anybody acts on it: however
 * a run ends, the next one knows all of it.
 */
export class PromiseJournal {
  readonly #descriptor: number;

  constructor(file: string) {
    this.#descriptor = openSync(file, 'a', 0o600);
  }

  add(line: JournalLine): void {
    writeSync(this.#descriptor, `${encode(line)}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Reads a journal; a last line that was not finished is cut off. Throws where a line is none of its own. */
export function readJournal(file: string, each: (line: JournalLine) => void): void {
  const text = readFileSync(file, { encoding: 'latin1', flag: 'a+' });
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) truncateSync(file, end);
  for (let start = 0; start < end; ) {
    const next = text.indexOf('\n', start);
    each(decode(text.slice(start, next)));
    start = next + 1;
  }
}

function encode(line: JournalLine): string {
  switch (line.kind) {
    case 'sent':
    case 'refused':
      return `${line.kind} ${hex(line.leaf)}`;
    case 'answered':
      return `answered ${hex(line.leaf)} ${line.index} ${line.isCreated ? 1 : 0}`;
    case 'checkpoint':
      return `checkpoint ${line.size} ${hex(line.root)}`;
    case 'published':
      return `published ${line.size}`;
    case 'served':
      return `served ${line.path} ${line.digest}`;
  }
}

function decode(text: string): JournalLine {
  const [kind, first = '', second = '', third] = text.split(' ');
  switch (kind) {
    case 'sent':
    case 'refused':
      return { kind, leaf: hash(first) };
    case 'answered':
      return { kind, leaf: hash(first), index: Number(second), isCreated: third === '1' };
    case 'checkpoint':
      return { kind, size: Number(first), root: hash(second) };
    case 'published':
      return { kind, size: Number(first) };
    case 'served':
      return { kind, path: first, digest: second };
    default:
      throw new Error(`the journal of promises has a line that is none: ${text.slice(0, 80)}`);
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function hash(text: string): Hash {
  return asHash(Uint8Array.from(Buffer.from(text, 'hex')));
}
