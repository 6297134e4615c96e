import { fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import { asHash, asTreeSize } from '@tilewright/core/bytes';
import { ErrorInfoSchema, StatusSchema, TransparencyLogEntrySchema } from '@tilewright/rekor-proto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failure } from '../status.ts';
import { EntryBytes } from './entry-bytes.ts';
import { EntryJson } from './entry-json.ts';
import { entryMessage } from './entry-message.ts';
import { detailsJson, MAX_DETAIL_BYTES, statusDetails } from './error-details.ts';
import type { LogEntry } from './log-entry.ts';

const LOG_ID = new Uint8Array(32).fill(7);
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => asHash(Uint8Array.from(bytes)));
const size = fc.maxSafeNat();

const entry: fc.Arbitrary<LogEntry> = fc.record({
  index: size,
  kind: fc.constantFrom('hashedrekord', 'dsse'),
  version: fc.constant('0.0.2'),
  body: fc.uint8Array({ minLength: 1, maxLength: 600 }).map((bytes) => Uint8Array.from(bytes)),
  publication: fc.record({
    tree: fc.record({ size: size.map(asTreeSize), root: hash }),
    // Names may be any Unicode without spaces; signature lines start with a dash beyond ASCII.
    note: fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .map((name) => new TextEncoder().encode(`${name}\n1\n\n— ${name} x\n`)),
  }),
  proof: fc.array(hash, { maxLength: 24 }),
});

test('the hand-written JSON says what protobuf says, in ASCII, whatever is in it', () => {
  const encoder = new EntryJson(LOG_ID);
  fc.assert(
    fc.property(entry, (value) => {
      const text = encoder.encode(value);
      expect(text).toMatch(/^[\x20-\x7e]*$/);
      const { inclusionPromise, ...rest } = JSON.parse(text);
      expect(inclusionPromise).toBeNull();
      const message = entryMessage(value, LOG_ID);
      expect(rest).toEqual(toJson(TransparencyLogEntrySchema, message, { alwaysEmitImplicit: true }));
    }),
  );
});

test('the hand-written protobuf is that of the library, byte for byte', () => {
  const encoder = new EntryBytes(LOG_ID);
  const edge = fc.constantFrom(0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER);
  fc.assert(
    fc.property(entry, fc.option(edge), (value, index) => {
      const one = index === null ? value : { ...value, index };
      const expected = toBinary(TransparencyLogEntrySchema, entryMessage(one, LOG_ID));
      expect(Buffer.from(encoder.encode(one)).equals(expected)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('answers of different publications do not mix', () => {
  const encoder = new EntryJson(LOG_ID);
  const [first, second] = fc.sample(entry, 2);
  if (first === undefined || second === undefined) throw new Error('no samples');
  const texts = [first, second, first, second].map((value) => encoder.encode(value));
  expect(texts[2]).toBe(texts[0]);
  expect(texts[3]).toBe(texts[1]);
  expect(texts[0]).not.toBe(texts[1]);
});

test('an existing entry goes into gRPC details unless it is too long for metadata', () => {
  const [sample] = fc.sample(entry, 1);
  if (sample === undefined) throw new Error('no sample');
  const duplicate = (body: Uint8Array) => ({ ...failure('duplicate'), index: 1, existing: { ...sample, body } });
  const short = statusDetails(duplicate(new Uint8Array(100)), LOG_ID);
  expect(fromBinary(StatusSchema, short ?? new Uint8Array()).details.length).toBe(1);
  expect(statusDetails(duplicate(new Uint8Array(MAX_DETAIL_BYTES)), LOG_ID)).toBeUndefined();
});

test('a detail beyond ASCII is the same over both transports', () => {
  const error = { ...failure('invalid-request'), reason: 'malformed-key', detail: 'curve “P‑224” \u0000\n' };
  const json = JSON.parse(detailsJson(error, new EntryJson(LOG_ID)));
  expect(json).toMatchObject({ reason: 'MALFORMED_KEY', domain: 'tilewright', metadata: { detail: error.detail } });
  const { details } = fromBinary(StatusSchema, statusDetails(error, LOG_ID) ?? new Uint8Array());
  expect(fromBinary(ErrorInfoSchema, details[0]?.value ?? new Uint8Array())).toMatchObject({
    reason: 'MALFORMED_KEY',
    metadata: { detail: error.detail },
  });
  expect(detailsJson(failure('not-integrated'), new EntryJson(LOG_ID))).toBe('');
});
