import { fromJson, type JsonValue, toBinary, toJson, toJsonString } from '@bufbuild/protobuf';
import { encodeUtf8 } from '@tilewright/core/bytes';
import {
  CreateEntryRequestSchema,
  EnvelopeSchema,
  PublicKeySchema,
  VerifierSchema,
  X509CertificateSchema,
} from '@tilewright/rekor-proto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryError } from '../entry-error.ts';
import type { EntryMessage } from '../message/entry-message.ts';
import { createEntryRequests } from '../testing/build/request-arbitraries.ts';
import { decodeWireRequest } from '../wire/decode-wire-request.ts';
import { decodeJsonRequest } from './decode-json-request.ts';

const decoded = (text: string) => decodeJsonRequest(encodeUtf8(text));

function outcome(body: Uint8Array): EntryMessage | string {
  try {
    return decodeJsonRequest(body);
  } catch (error) {
    if (error instanceof EntryError && error.code === 'malformed-request') return error.message;
    throw error;
  }
}

const SPELLINGS: Readonly<Record<string, string>> = {
  hashedRekordRequestV002: 'hashed_rekord_request_v002',
  dsseRequestV002: 'dsse_request_v002',
  publicKey: 'public_key',
  x509Certificate: 'x509_certificate',
  rawBytes: 'raw_bytes',
  keyDetails: 'key_details',
};

/** The same JSON, written in another way: what `choices` says, one number a decision. */
function rewritten(value: JsonValue, choose: (options: number) => number): string {
  const space = () => ['', ' ', '\n\t', '\r'][choose(4)] ?? '';
  const string = (text: string) => {
    const quoted = JSON.stringify(text);
    if (choose(3) > 0) return quoted;
    return quoted.replaceAll(/[A-Za-z/]/g, (char) =>
      choose(4) > 0 ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  };
  const write = (part: JsonValue): string => {
    if (Array.isArray(part)) return `[${space()}${part.map(write).join(`${space()},${space()}`)}${space()}]`;
    if (typeof part === 'string') return string(part);
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    const fields = Object.entries(part).map(([name, field]) => {
      const spelling = choose(2) === 0 ? name : (SPELLINGS[name] ?? name);
      return `${space()}${string(spelling)}${space()}:${space()}${write(field)}${space()}`;
    });
    return `{${fields.join(',')}${fields.length === 0 ? space() : ''}}`;
  };
  return space() + write(value) + space();
}

test('any request in any spelling is what the wire decoder reads of the same message', () => {
  fc.assert(
    fc.property(
      createEntryRequests,
      fc.infiniteStream(fc.nat()),
      fc.constantFrom('', 'x', '{}', '\0'),
      (request, stream, tail) => {
        const choose = (options: number) => (stream.next().value ?? 0) % options;
        const json = rewritten(toJson(CreateEntryRequestSchema, request), choose);
        const expected = decodeWireRequest(toBinary(CreateEntryRequestSchema, request));
        expect(decodeJsonRequest(encodeUtf8(json + tail))).toEqual(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('with a few bytes changed it is refused, or it is what an independent reader makes of it', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:059.e\\nul =-_A\n')), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(createEntryRequests, changes, (request, replacements) => {
      const chars = [...toJsonString(CreateEntryRequestSchema, request)];
      for (const [at, char] of replacements) chars[at % chars.length] = char;
      const text = chars.join('');
      const result = outcome(encodeUtf8(text));
      const whole = parsed(text);
      // Trailing bytes, repeated names and lenient base64 are where the two may differ; each has its own tests.
      if (typeof result === 'string' || whole === undefined || Object.keys(whole as object).length === 0) return;
      expect(typeof whole).toBe('object');
      const other = independently(whole);
      if (other !== undefined) expect(result).toEqual(other);
    }),
    { numRuns: 1500 },
  );
});

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function independently(value: JsonValue): EntryMessage | undefined {
  try {
    return decodeWireRequest(toBinary(CreateEntryRequestSchema, fromJson(CreateEntryRequestSchema, value)));
  } catch {
    return undefined;
  }
}

test('bytes of any kind are refused in words, or read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (body) => {
      const result = outcome(body);
      if (typeof result === 'string') expect(result.length).toBeLessThan(300);
    }),
    { numRuns: 1000 },
  );
});

test('messages give line and column of the value, counted in characters', () => {
  expect(outcome(encodeUtf8(' {"foo":1}'))).toBe('proto: (line 1:2): unknown field "foo"');
  expect(outcome(encodeUtf8('null'))).toBe('proto: syntax error (line 1:1): unexpected token null');
  expect(outcome(encodeUtf8('{"dsseRequestV002":{"envelope":\n{"payloadType":"é", "payload":5}}}'))).toBe(
    'proto: (line 2:31): invalid value for bytes field payload: 5',
  );
  expect(outcome(encodeUtf8('{"hashedRekordRequestV002":{},"dsse_request_v002":{}}'))).toBe(
    'proto: (line 1:31): error parsing "dsse_request_v002", oneof dev.sigstore.rekor.v2.CreateEntryRequest.spec is already set',
  );
});

test('bad syntax further down is named before a bad field', () => {
  expect(outcome(encodeUtf8('{"foo":1,]'))).toBe("invalid character ']' looking for beginning of object key string");
});

test('a long value is not repeated whole', () => {
  const message = outcome(encodeUtf8(`{"hashedRekordRequestV002":{"digest":"${'!'.repeat(100_000)}"}}`));
  expect(typeof message === 'string' && message.length).toBeLessThan(200);
});

test('names are spelled as the descriptors say, in two ways and no others', () => {
  const schemas = [CreateEntryRequestSchema, VerifierSchema, PublicKeySchema, X509CertificateSchema];
  const fields = schemas.flatMap((schema) => schema.fields.map(({ name, jsonName }) => [jsonName, name]));
  expect(Object.fromEntries(fields)).toEqual(SPELLINGS);
  expect(EnvelopeSchema.fields.map(({ name }) => name)).toContain('payloadType');
  expect(outcome(encodeUtf8('{"hashed_rekordRequestV002":{}}'))).toContain('unknown field');
});

test('lists are read to their end, but only as much is kept as tells that they are too long', () => {
  const message = decoded(`{"dsseRequestV002":{"verifiers":[${Array(50_000).fill('{}').join(',')}]}}`);
  expect(message.kind === 'dsse' && message.request.verifiers.length).toBe(11);
  expect(outcome(encodeUtf8(`{"dsseRequestV002":{"verifiers":[${Array(50).fill('{}').join(',')},5]}}`))).toContain(
    'token 5',
  );
});

test('four MiB of trouble are refused in time', () => {
  const size = 4 * 2 ** 20;
  const deep = '['.repeat(size);
  const escapes = `{"hashedRekordRequestV002":{"digest":"${'\\u0041'.repeat(size / 6 - 10)}A"}}`;
  const digits = `{"hashedRekordRequestV002":{"signature":{"verifier":{"keyDetails":${'0.'}${'0'.repeat(size - 200)}1}}}}`;
  const elements = `{"dsseRequestV002":{"verifiers":[${'{},'.repeat(size / 3 - 20)}5]}}`;
  const started = performance.now();
  for (const text of [deep, escapes, digits, elements]) expect(typeof outcome(encodeUtf8(text))).toBe('string');
  expect(performance.now() - started).toBeLessThan(15_000);
}, 30_000);
