import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { decodeBase64 } from '../bytes/base64.ts';
import { asHash } from '../bytes/hash-value.ts';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { CoreError } from '../core-error.ts';
import { mlDsaCosigner, mlDsaNoteVerifier } from '../note/types/ml-dsa.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode, expectCodeAsync } from '../testing/expect-code.ts';
import { subtreeV1Cosigner, subtreeV1Verifier } from './subtree-v1.ts';
import { parseSubtreeV1Message, type SubtreeV1Message, subtreeV1Message } from './subtree-v1-message.ts';
import { formatTimestampedSignature, parseTimestampedSignature } from './timestamped-signature.ts';

const any = arbitraries(fc);
const { keys, checkpoint: vector } = c2sp;
const ORIGIN = 'log.example/c2sp';
const NAME = 'witness.example/w1';
const MAX = 2n ** 63n - 1n;
const text = encodeUtf8(vector.text);
const checkpoint = parseCheckpoint(text);
const key = parseVerifierKey(keys.witness_0x06);
const verifier = mlDsaNoteVerifier(key);
const cosigner = mlDsaCosigner(NAME, decodeHex(keys.mldsa_witness_seed_hex));
const hash = asHash(decodeHex(vector.witness_0x06_subtree_4_5_message_hex.slice(-64)));
const subtree = { origin: ORIGIN, start: 4, end: 5, hash };
const whole = { origin: ORIGIN, start: 0, end: 5, hash: checkpoint.root };

function payloadOf(line: string): Uint8Array<ArrayBuffer> {
  return decodeBase64(line.split(' ')[2]?.trim() ?? '').slice(4);
}
const subtreePayload = payloadOf(vector.witness_0x06_subtree_4_5_line);
const checkpointPayload = payloadOf(vector.witness_0x06_line);

test('CS-6, vector: the messages of a log, a witness and a subtree', () => {
  const log = { ...whole, cosigner: ORIGIN, timestamp: 0n };
  const witness = { ...whole, cosigner: NAME, timestamp: 1_700_000_000n };
  const part = { ...subtree, cosigner: NAME, timestamp: 0n };
  for (const [message, hex] of [
    [log, vector.log_0x06_message_hex],
    [witness, vector.witness_0x06_message_hex],
    [part, vector.witness_0x06_subtree_4_5_message_hex],
  ] as const) {
    expect(encodeHex(subtreeV1Message(message))).toBe(hex);
    expect(parseSubtreeV1Message(decodeHex(hex))).toEqual(message);
  }
});

test('CS-6, vector: a subtree is verified as what it is', () => {
  expect(verifier.verifySubtree(subtree, subtreePayload)).toBe(true);
  for (const other of [
    { ...subtree, start: 0 },
    { ...subtree, end: 6 },
    { ...subtree, origin: 'log.example/other' },
    { ...subtree, hash: checkpoint.root },
  ]) {
    expect(verifier.verifySubtree(other, subtreePayload)).toBe(false);
  }
});

test('CS-6: a checkpoint is the subtree from 0 to its size', () => {
  expect(verifier.verifySubtree(whole, checkpointPayload)).toBe(true);
  expect(verifier.verify(text, checkpointPayload)).toBe(true);
  expect(verifier.verify(text, subtreePayload)).toBe(false);
});

test('CS-6, N16: a subtree that does not start at 0 has no time', async () => {
  const withTime = formatTimestampedSignature({ ...parseTimestampedSignature(subtreePayload), timestamp: 1n });
  expect(verifier.verifySubtree(subtree, withTime)).toBe(false);
  expectCode(() => subtreeV1Message({ ...subtree, cosigner: NAME, timestamp: 1n }), CoreError, 'mismatch');
  expect(parseTimestampedSignature(await cosigner.signSubtree(subtree)).timestamp).toBe(0n);
  expect(parseTimestampedSignature(await cosigner.signSubtree(whole)).timestamp).toBe(0n);
  // Even a cosigner that would sign the time: the verifier never gets to look at the signature.
  const credulous = subtreeV1Verifier(key, () => true);
  expect(credulous.verifySubtree(subtree, withTime)).toBe(false);
  expect(credulous.verifySubtree(subtree, subtreePayload)).toBe(true);
});

test('CS-6: a checkpoint may be signed with time 0, which says nothing of the largest seen', async () => {
  const payload = await cosigner.cosign(text, 0n);
  expect(verifier.verify(text, payload)).toBe(true);
  expect(payload).toEqual(await cosigner.signSubtree(whole));
});

test.each(c2sp.subtree_invalid)('vector: from %i to %i is no subtree', async (start, end) => {
  await expectCodeAsync(() => cosigner.signSubtree({ ...subtree, start, end }), CoreError, 'out-of-range');
  expect(subtreeV1Verifier(key, () => true).verifySubtree({ ...subtree, start, end }, subtreePayload)).toBe(false);
});

test('CS-3: times up to 2^63-1', async () => {
  const payload = await cosigner.cosign(text, MAX);
  expect(verifier.verify(text, payload)).toBe(true);
  await expectCodeAsync(() => cosigner.cosign(text, 2n ** 63n), CoreError, 'out-of-range');
  await expectCodeAsync(() => cosigner.cosign(text, -1n), CoreError, 'out-of-range');
  const late = concatBytes(Uint8Array.of(0x80), payload.subarray(1));
  expect(subtreeV1Verifier(key, () => true).verify(text, late)).toBe(false);
});

test('CS-6: names have 1 to 255 bytes', () => {
  const message = { ...whole, cosigner: NAME, timestamp: 0n };
  const longest = 'a'.repeat(255);
  expect(subtreeV1Message({ ...message, cosigner: longest, origin: longest }).length).toBe(12 + 2 * 256 + 24 + 32);
  for (const bad of ['', 'a'.repeat(256), `${'a'.repeat(254)}\u00e9`, 'a\n', '\ud800']) {
    expectCode(() => subtreeV1Message({ ...message, cosigner: bad }), CoreError, 'malformed');
    expectCode(() => subtreeV1Message({ ...message, origin: bad }), CoreError, 'malformed');
  }
  // An origin may have what a name may not.
  expect(subtreeV1Message({ ...message, origin: 'go.sum database tree' }).length).toBeGreaterThan(0);
  expectCode(() => subtreeV1Message({ ...message, cosigner: 'go.sum database tree' }), CoreError, 'malformed');
  const short = new Uint8Array(31) as typeof hash;
  expectCode(() => subtreeV1Message({ ...message, hash: short }), CoreError, 'malformed');
});

test('a key service that answers with something else', async () => {
  const silent = subtreeV1Cosigner(key, () => new Uint8Array(64));
  await expectCodeAsync(() => silent.cosign(text, 1n), CoreError, 'bad-signature');
  await expectCodeAsync(() => silent.signSubtree(subtree), CoreError, 'bad-signature');
  expectCode(() => subtreeV1Cosigner(parseVerifierKey(keys.witness_0x04), () => hash), CoreError, 'unknown-key');
});

test('messages read back', () => {
  const origin = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map((s) => s.replace(/\p{Cc}/gu, '-'));
  const ends = any.treeSize().map((end) => ({ start: 0, end }));
  const aligned = fc
    .tuple(fc.nat({ max: 40 }), fc.nat({ max: 4000 }), fc.nat())
    .map(([level, index, part]) => ({ start: index * 2 ** level, end: index * 2 ** level + 1 + (part % 2 ** level) }));
  const time = fc.bigInt({ min: 0n, max: MAX });
  fc.assert(
    fc.property(fc.oneof(ends, aligned), any.keyName(), origin, any.hash(), time, (range, name, log, root, t) => {
      const timestamp = range.start === 0 ? t : 0n;
      const message: SubtreeV1Message = { ...range, cosigner: name, timestamp, origin: log, hash: root };
      fc.pre(encodeUtf8(name).length <= 255 && encodeUtf8(log).length <= 255);
      expect(parseSubtreeV1Message(subtreeV1Message(message))).toEqual(message);
    }),
  );
});

test('messages that are cut, extended or altered', () => {
  const good = decodeHex(vector.witness_0x06_subtree_4_5_message_hex);
  for (let length = 0; length < good.length; length++) {
    expectCode(() => parseSubtreeV1Message(good.subarray(0, length)), CoreError, 'malformed');
  }
  const longer = concatBytes(good, Uint8Array.of(0));
  expect(expectCode(() => parseSubtreeV1Message(longer), CoreError, 'malformed').message).toContain(
    `at byte ${good.length}`,
  );
  const set = (at: number, value: number) => good.with(at, value);
  const time = 13 + NAME.length;
  const start = good.length - 48;
  for (const [what, bytes] of Object.entries({
    'another label': set(0, 0x53),
    'an empty name': concatBytes(good.subarray(0, 12), Uint8Array.of(0), good.subarray(time)),
    'a space in the name': set(14, 0x20),
    'a name that is not UTF-8': set(14, 0xff),
    'a control character in the origin': set(time + 10, 0x0a),
    'a time above 2^63-1': set(time, 0x80),
    'a time where there is none': set(time + 7, 1),
    'a start above the end': set(start + 7, 6),
    'a range that is no subtree': set(start + 7, 3),
    'a start above 2^63-1': set(start, 0x80),
    'an end above 2^63-1': set(start + 8, 0x80),
  })) {
    expect(() => parseSubtreeV1Message(bytes), what).toThrow(expect.objectContaining({ code: 'malformed' }));
  }
  expectCode(() => parseSubtreeV1Message(set(start + 8, 0x7f)), CoreError, 'size-unsupported');
  expectCode(() => parseSubtreeV1Message(set(start + 9, 0x20)), CoreError, 'size-unsupported');
});
