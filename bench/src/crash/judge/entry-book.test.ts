import { leafHash } from '@tilewright/core/hash';
import { expect, test } from 'vitest';
import { EntryBook } from './entry-book.ts';

const LEAF = leafHash(Buffer.from('an entry'));
const OTHER = leafHash(Buffer.from('another'));

test('made once, told to whoever sends it again, met at its place', () => {
  const book = new EntryBook(true);
  expect(book.send(LEAF)).toBeUndefined();
  expect(book.answered(LEAF, 7, false, undefined)).toBeUndefined();
  expect(book.answered(LEAF, 7, true, undefined)).toBeUndefined();
  expect(book.send(LEAF)).toBe(7);
  expect(book.answered(LEAF, 7, false, 7)).toBeUndefined();
  expect(book.met(LEAF, 7)).toBeUndefined();
  expect(book.met(LEAF, 7)).toBeUndefined();
});

test('an entry whose answer was lost is known from where the log holds it', () => {
  const book = new EntryBook(true);
  book.send(LEAF);
  expect(book.met(LEAF, 3)).toBeUndefined();
  const known = book.send(LEAF);
  expect(known).toBe(3);
  expect(book.answered(LEAF, 4, true, known)).toBe('an entry has the indexes 3 and 4');
});

test.each([
  ['created twice', [true, true], 'index 7 was created twice'],
  ['told, then created', [false, true], 'index 7 was known, and then created'],
])('%s', (_, [first = false, second = false], fault) => {
  const book = new EntryBook(true);
  book.answered(LEAF, 7, first, book.send(LEAF));
  expect(book.answered(LEAF, 7, second, book.send(LEAF))).toBe(fault);
});

test('an entry at two places', () => {
  const book = new EntryBook(true);
  book.send(LEAF);
  book.met(LEAF, 3);
  expect(book.met(LEAF, 4)).toBe('index 4 repeats the entry of index 3');
});

test('entries that should not be there', () => {
  const book = new EntryBook(true);
  book.refuse(LEAF);
  expect(book.met(LEAF, 0)).toBe('index 0 holds an entry that was refused or never sent whole');
  expect(book.met(OTHER, 1)).toBe('index 1 holds an entry that nobody sent');
});

test('what was refused and is then sent well is like any other', () => {
  const book = new EntryBook(true);
  book.refuse(LEAF);
  book.send(LEAF);
  book.refuse(LEAF);
  expect(book.met(LEAF, 0)).toBeUndefined();
});

test('a log that does not promise one index for each entry may repeat it, but not invent it', () => {
  const book = new EntryBook(false);
  book.answered(LEAF, 7, true, book.send(LEAF));
  expect(book.answered(LEAF, 8, true, book.send(LEAF))).toBeUndefined();
  expect(book.met(LEAF, 7)).toBeUndefined();
  expect(book.met(LEAF, 8)).toBeUndefined();
  expect(book.met(OTHER, 9)).toBeDefined();
});
