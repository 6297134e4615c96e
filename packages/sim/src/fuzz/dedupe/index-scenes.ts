import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import type { FuzzRandom, Sample } from '@tilewright/fuzz';
import type { LogEvent, LogEvents } from '@tilewright/log/ports';
import { dedupeFile, LAYOUT, SqliteDedupeIndex } from '@tilewright/store-posix/testing';
import { FUZZ_LOG } from '../segment/make-segment-bytes.ts';

/** Entries of the log. */
export const TOTAL = 300;
/** Entries of the log at a later time, which an index may be of when the log was put back from a backup. */
const LATER = 330;
/** Leaves that are kept in memory before they are merged: small, so that a few hundred are merged several times. */
export const RUN_LENGTH = 40;
/** Endings of the names of the index's files: the database, what SQLite puts beside it, the seal. */
export const SUFFIXES = ['', '-wal', '-shm', '-journal', '.sha256'] as const;
export type Suffix = (typeof SUFFIXES)[number];

/** The files of an index at some moment. */
export interface IndexScene {
  readonly name: string;
  readonly files: ReadonlyMap<Suffix, Uint8Array>;
}

/** Path of a file of the index of the log in `dir`. */
export function indexPath(dir: string, suffix: Suffix): string {
  return `${dir}/${LAYOUT.dedupe}${suffix}`;
}

/** Opens the index in `dir`, and keeps what it says. */
export function openIndex(dir: string): { readonly index: SqliteDedupeIndex; readonly seen: LogEvent[] } {
  const seen: LogEvent[] = [];
  const events: LogEvents = { emit: (event) => void seen.push(event) };
  return { index: new SqliteDedupeIndex(dedupeFile(dir), FUZZ_LOG, events, RUN_LENGTH), seen };
}

function snapshot(name: string, dir: string): IndexScene {
  const files = new Map<Suffix, Uint8Array>();
  for (const suffix of SUFFIXES) {
    const path = indexPath(dir, suffix);
    if (existsSync(path)) files.set(suffix, new Uint8Array(readFileSync(path)));
  }
  return { name, files };
}

/** An index as it is closed, as a kill leaves it right after it was opened, and in the middle of its work. */
export async function indexScenes(dir: string, leaves: readonly Hash[]): Promise<readonly IndexScene[]> {
  const scenes: IndexScene[] = [];
  for (const size of [20, 130, 270, TOTAL, LATER]) {
    const place = `${dir}/made-${size}`;
    mkdirSync(`${place}/.state`, { recursive: true });
    const { index } = openIndex(place);
    for (let from = 0; from < size; from += 10) {
      await index.add(asTreeSize(from), leaves.slice(from, from + 10));
      if (from === size - 10) scenes.push(snapshot(`killed at ${size}`, place));
    }
    await index.close();
    const closed = snapshot(`closed at ${size}`, place);
    scenes.push(closed, {
      name: `killed after opening at ${size}`,
      files: new Map([...closed.files].filter(([suffix]) => suffix !== '.sha256')),
    });
  }
  return scenes;
}

/** Leaf hashes that nobody computed: an index only compares them. */
export function drawLeaves(random: FuzzRandom): readonly Hash[] {
  return Array.from({ length: LATER }, () => random.bytes(32) as Uint8Array as Hash);
}

const PAGE = 4096;

/** What a mutator should know of a database: SQLite's header, and the head and pointers of every page. */
export function databaseSample(bytes: Uint8Array): Sample {
  const pages = Array.from(
    { length: Math.floor(bytes.length / PAGE) },
    (_, page) => page * PAGE + (page === 0 ? 100 : 0),
  );
  return {
    bytes,
    fields: [
      { at: 16, width: 2 },
      ...[24, 28, 32, 36, 40, 44, 48, 52, 56, 92].map((at) => ({ at, width: 4 as const })),
      ...pages.flatMap((at) => [1, 3, 5, 8, 10, 12].map((field) => ({ at: at + field, width: 2 as const }))),
    ],
    busy: [{ start: 0, end: 100 }, ...pages.map((at) => ({ start: at, end: at + 200 }))],
  };
}
