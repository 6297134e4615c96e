import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { concatBytes, decodeHex } from '@tilewright/core/bytes';
import { type CreateEntryRequest, CreateEntryRequestSchema, type Verifier } from '@tilewright/rekor-proto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryError } from '../entry-error.ts';
import type { EntryMessage, VerifierMessage } from '../message/entry-message.ts';
import { createEntryRequests } from '../testing/build/request-arbitraries.ts';
import { decodeWireRequest } from './decode-wire-request.ts';

/** What the protobuf runtime reads, in our shape. */
function byRuntime({ spec }: CreateEntryRequest): EntryMessage {
  if (spec.case === 'hashedRekordRequestV002') {
    const { digest, signature } = spec.value;
    const verifier = signature?.verifier && verifierOf(signature.verifier);
    return {
      kind: 'hashedrekord',
      request: { digest, signature: signature && { content: signature.content, verifier } },
    };
  }
  if (spec.case === undefined) return { kind: 'none' };
  const { envelope, verifiers } = spec.value;
  const read = envelope && {
    payload: envelope.payload,
    payloadType: envelope.payloadType,
    signatures: envelope.signatures.map(({ sig }) => sig),
  };
  return { kind: 'dsse', request: { envelope: read, verifiers: verifiers.map(verifierOf) } };
}

function verifierOf({ verifier, keyDetails }: Verifier): VerifierMessage {
  return {
    publicKey: verifier.case === 'publicKey' ? verifier.value.rawBytes : undefined,
    x509Certificate: verifier.case === 'x509Certificate' ? verifier.value.rawBytes : undefined,
    keyDetails,
  };
}

test('any message is what the protobuf runtime reads', () => {
  fc.assert(
    fc.property(createEntryRequests, (request) => {
      expect(decodeWireRequest(toBinary(CreateEntryRequestSchema, request))).toEqual(byRuntime(request));
    }),
    { numRuns: 500 },
  );
});

test('two messages one after the other are merged as the protobuf runtime merges them', () => {
  fc.assert(
    fc.property(createEntryRequests, createEntryRequests, (first, second) => {
      const bytes = concatBytes(toBinary(CreateEntryRequestSchema, first), toBinary(CreateEntryRequestSchema, second));
      expect(decodeWireRequest(bytes)).toEqual(byRuntime(fromBinary(CreateEntryRequestSchema, bytes)));
    }),
    { numRuns: 500 },
  );
});

test('bytes of any kind are refused in words, or read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (body) => {
      try {
        decodeWireRequest(body);
      } catch (error) {
        expect(error).toBeInstanceOf(EntryError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('groups nest as deep as Go lets them', () => {
  const nested = (depth: number) => concatBytes(new Uint8Array(depth).fill(0x2b), new Uint8Array(depth).fill(0x2c));
  expect(decodeWireRequest(nested(10_001))).toEqual({ kind: 'none' });
  expect(() => decodeWireRequest(nested(10_002))).toThrow(EntryError);
});

test('an enum is the low 32 bits of its varint', () => {
  const details = (varint: string) => {
    const verifier = concatBytes(decodeHex('18'), decodeHex(varint));
    const signature = concatBytes(Uint8Array.of(0x12, verifier.length), verifier);
    const request = concatBytes(Uint8Array.of(0x12, signature.length), signature);
    const message = decodeWireRequest(concatBytes(Uint8Array.of(0x0a, request.length), request));
    return message.kind === 'hashedrekord' ? message.request.signature?.verifier?.keyDetails : undefined;
  };
  expect(details('05')).toBe(5);
  expect(details('ffffffff0f')).toBe(-1);
  expect(details('ffffffffffffffffff01')).toBe(-1);
  expect(details('8580808010')).toBe(5);
});

test('four MiB of empty fields are read in time, and little of them is kept', () => {
  const body = new Uint8Array(4 * 2 ** 20 - 4);
  for (let i = 0; i < body.length; i += 2) body[i] = 0x12;
  const started = performance.now();
  expect(decodeWireRequest(body)).toEqual({ kind: 'dsse', request: { envelope: undefined, verifiers: [] } });
  const inner = concatBytes(decodeHex('12fcffff01'), body);
  const message = decodeWireRequest(inner);
  expect(message.kind === 'dsse' && message.request.verifiers.length).toBe(11);
  expect(performance.now() - started).toBeLessThan(15_000);
}, 30_000);
