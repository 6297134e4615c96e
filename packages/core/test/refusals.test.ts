import { expect, test } from 'vitest';
import { decodeBase64, decodeHex, decodeUtf8, encodeBase64, encodeUtf8, parseDecimal } from '../src/bytes/index.ts';
import { CoreError } from '../src/core-error.ts';
import {
  parseCosignatureV1Message,
  parseSubtreeV1Message,
  parseTimestampedSignature,
} from '../src/cosignature/index.ts';
import { decodeUploadHeader, formatMirrorInfo, parseMirrorInfo } from '../src/mirror/index.ts';
import { checkEd25519Key, parseSigningKey, parseVerifierKey } from '../src/note/index.ts';
import { rsaNoteVerifier, rsaVerifierKey } from '../src/note/types/rsa.ts';
import { parseTlogProof } from '../src/proof/index.ts';
import { decodeDataTile, parseDataTilePath } from '../src/static-ct/index.ts';
import { expectCode } from '../src/testing/index.ts';
import { parseTreeHeadSignature } from '../src/tree-head/index.ts';
import { openCosignatures, parseAddCheckpoint, parseSignSubtree } from '../src/witness/index.ts';

const HASH = encodeBase64(new Uint8Array(32));
const SKEY = 'PRIVATE+KEY+log.example+0a0b0c0d+AQ==';
/** More than anything takes, and nothing in it may be looked at: only its length is there. */
const longer = (length: number): Uint8Array & string => Object.freeze({ length }) as unknown as Uint8Array & string;
const rsa = (hex: string) => () => rsaNoteVerifier(rsaVerifierKey('log.example', decodeHex(hex)));
/** A message of type 0x06 with these names, numbers and a hash of zeros. */
function statement(cosigner: string, time: bigint, origin: string, start: bigint, end: bigint): Uint8Array {
  const numbers = new DataView(new ArrayBuffer(24));
  [time, start, end].forEach((value, at) => {
    numbers.setBigUint64(8 * at, value);
  });
  const u64 = (at: number): number[] => [...new Uint8Array(numbers.buffer, 8 * at, 8)];
  const named = (name: string): number[] => [name.length, ...encodeUtf8(name)];
  const head = [...encodeUtf8('subtree/v1\n\0'), ...named(cosigner), ...u64(0), ...named(origin), ...u64(1), ...u64(2)];
  return Uint8Array.from([...head, ...new Uint8Array(32)]);
}

test.each<readonly [string, () => unknown, RegExp]>([
  ['base64 beyond the cap', () => decodeBase64(longer(2 ** 26 + 4)), /at most 67108864 characters/],
  ['hex beyond the cap', () => decodeHex(longer(2 ** 26 + 2)), /at most 67108864 characters/],
  ['UTF-8 beyond the cap', () => decodeUtf8(longer(2 ** 26 + 1)), /at most 67108864 bytes/],
  ['a decimal that is too long', () => parseDecimal('1'.repeat(20)), /at most 19 digits, this text has 20/],
  ['a decimal with a zero before it', () => parseDecimal('07'), /without sign, space or leading zero/],
  ['a decimal that is too large', () => parseDecimal('9223372036854775808'), /^9223372036854775808 is above 2\^63-1/],
  ['a vkey in one piece', () => parseVerifierKey('log.example'), /^a vkey is <name>\+<8 hex digits>\+<base64>/],
  ['a vkey with a short id', () => parseVerifierKey('log.example+0a+AQ=='), /^the key id has 8 hex digits/],
  ['a vkey with an id of other digits', () => parseVerifierKey('a+0A0b0c0d+AQ=='), /^the key id: character 1 /],
  ['a vkey whose key is no base64', () => parseVerifierKey('a+0a0b0c0d+AQ*='), /^the key: character 2 /],
  ['a vkey without a name', () => parseVerifierKey('+0a0b0c0d+AQ=='), /^a key name is not empty/],
  ['a signing key that is too long', () => parseSigningKey(longer(4097)), /at most 4096 characters/],
  ['a signing key without its prefix', () => parseSigningKey(SKEY.slice(1)), /^a signing key is PRIVATE\+KEY\+/],
  ['a signing key of nothing', () => parseSigningKey(SKEY.replace('AQ==', '')), /holds a type byte and a seed/],
  ['an Ed25519 key above the field', () => checkEd25519Key(new Uint8Array(32).fill(255)), /not below 2\^255-19/],
  ['an Ed25519 key off the curve', () => checkEd25519Key(Uint8Array.of(2, ...new Uint8Array(31))), /not a point/],
  ['an RSA key of nothing', rsa('00'), /at byte 0 is no SEQUENCE/],
  ['an RSA key with a long length', rsa('308105'), /at byte 1 is a length that is not in its shortest form/],
  ['an RSA key that is cut short', rsa('3005300d'), /at byte 1 is a length beyond the end/],
  ['the hash of a tree head', () => parseTreeHeadSignature(new Uint8Array(12)), /^byte 8 .* SHA-256/],
  [
    'the algorithm of a tree head',
    () => parseTreeHeadSignature(Uint8Array.of(...new Uint8Array(8), 4, 2, 0, 0)),
    /^byte 9 .* neither ECDSA nor RSA/,
  ],
  ['a cosignature beyond any note', () => parseTimestampedSignature(longer(1_048_577)), /at most 1048576 bytes/],
  [
    'the time under a cosignature',
    () => parseCosignatureV1Message(encodeUtf8('cosignature/v1\ntime 07\n')),
    /^line 2: a decimal is 0/,
  ],
  ['a cosigner with a space', () => parseSubtreeV1Message(statement('a b', 0n, 'l', 0n, 1n)), /^the cosigner in/],
  ['an origin with a newline', () => parseSubtreeV1Message(statement('a', 0n, 'l\n', 0n, 1n)), /^the origin in/],
  ['a range backwards', () => parseSubtreeV1Message(statement('a', 0n, 'l', 2n, 1n)), /ends before it starts/],
  ['a subtree with a time', () => parseSubtreeV1Message(statement('a', 1n, 'l', 2n, 3n)), /has a timestamp/],
  ['a tlog-proof with a bad index', () => parseTlogProof(proof('index 07')), /^line 2: a decimal is 0/],
  ['a tlog-proof with a bad hash', () => parseTlogProof(proof('index 7', 'AA==')), /^line 3: a hash has 32 bytes/],
  ['a tlog-proof with bad extra data', () => parseTlogProof(proof('extra A', 'index 7')), /^line 2: base64 text/],
  ['an add-checkpoint with a bad size', () => parseAddCheckpoint(encodeUtf8('old 07\n\n')), /^line 1: a decimal is 0/],
  ['an add-checkpoint with a bad hash', () => parseAddCheckpoint(encodeUtf8('old 7\nA\n\n')), /^line 2: base64 text/],
  ['a sign-subtree with a bad end', () => parseSignSubtree(encodeUtf8(`subtree 0 x\n${HASH}\n\n`)), /^line 1: /],
  [
    'a sign-subtree with a bad hash',
    () => parseSignSubtree(encodeUtf8('subtree 0 1\nAA==\n\n')),
    /^line 2: a hash has/,
  ],
  ['a mirror with a bad size', () => parseMirrorInfo(encodeUtf8('x\n1\n\n')), /^line 1: /],
  ['a mirror with a bad index', () => parseMirrorInfo(encodeUtf8('1\nx\n\n')), /^line 2: /],
  ['a mirror with a bad ticket', () => parseMirrorInfo(encodeUtf8('1\n1\nA\n')), /^line 3: /],
  [
    'the origin of an upload',
    () => decodeUploadHeader(Uint8Array.of(0, 1, 255, ...new Uint8Array(18))),
    /^the origin: the bytes are not valid UTF-8 from byte 0/,
  ],
  ['a leaf of a data tile', () => decodeDataTile(new Uint8Array(20), 2), /^leaf 0, from byte 0 on: .* is empty$/],
  ['the path of a data tile beyond the cap', () => parseDataTilePath(longer(65)), /not the path of a data tile/],
  ['cosignatures beyond the cap', () => openCosignatures(new Uint8Array(0), longer(65_537), []), /at most 65536 bytes/],
])('the refusal says where and what: %s', (_, decode, message) => {
  expect(expectCode(decode, CoreError, 'malformed').message).toMatch(message);
});

function proof(...lines: readonly string[]): Uint8Array {
  return encodeUtf8(`${['c2sp.org/tlog-proof@v1', ...lines].join('\n')}\n\n`);
}

test('PR-3 an index that no tree counted here can have is unsupported, not out of a range that the caller chose', () => {
  for (const index of ['9007199254740991', '9007199254740992']) {
    const { message } = expectCode(() => parseTlogProof(proof(`index ${index}`)), CoreError, 'size-unsupported');
    expect(message).toMatch(/^line 2: /);
  }
  expect(parseTlogProof(proof('index 9007199254740990')).index).toBe(2 ** 53 - 2);
});

test('WT-5 an answer that is more than signature lines is refused, whoever signed what it makes of the checkpoint', () => {
  const checkpoint = encodeUtf8(`log.example\n0\n${HASH}\n\n\u2014 log.example AAAAAAE=\n`);
  const texts: string[] = [];
  const witness = {
    name: 'w',
    keyId: 0,
    verify: (text: Uint8Array): boolean => texts.push(new TextDecoder().decode(text)) > 0,
  };
  const line = '\u2014 w AAAAAAE=\n';
  expect(openCosignatures(checkpoint, encodeUtf8(line), [witness])).toHaveLength(1);
  for (const body of [`extension\n\n${line}`, `\n${line}`, `${line}\n${line}`]) {
    expectCode(() => openCosignatures(checkpoint, encodeUtf8(body), [witness]), CoreError, 'malformed');
  }
  // Only the checkpoint's own text was ever checked.
  expect(new Set(texts)).toEqual(new Set([`log.example\n0\n${HASH}\n`]));
});

test('a ticket that no upload could carry is neither read nor written', () => {
  const body = (size: number): Uint8Array => encodeUtf8(`1\n1\n${encodeBase64(new Uint8Array(size))}\n`);
  const info = parseMirrorInfo(body(65_535));
  expect(formatMirrorInfo(info)).toEqual(body(65_535));
  expectCode(() => parseMirrorInfo(body(65_536)), CoreError, 'malformed');
  const ticket = new Uint8Array(65_536);
  expectCode(() => formatMirrorInfo({ ...info, ticket }), CoreError, 'out-of-range');
});

test.each([0, 257, -1, 1.5, Number.NaN, 2 ** 40])('a data tile does not have %d leaves', (width) => {
  expectCode(() => decodeDataTile(new Uint8Array(0), width), CoreError, 'out-of-range');
});

test('the text under a cosignature is at most as long as a note, and only the head of the message is searched', () => {
  const head = encodeUtf8('cosignature/v1\ntime 1700000000\n');
  const message = (text: number): Uint8Array => Uint8Array.from([...head, ...new Uint8Array(text)]);
  expect(parseCosignatureV1Message(message(1000)).text).toHaveLength(1000);
  expectCode(() => parseCosignatureV1Message(longer(1_048_617)), CoreError, 'malformed');
  expectCode(
    () => parseCosignatureV1Message(encodeUtf8(`cosignature/v1\n${'x'.repeat(99)}\n`)),
    CoreError,
    'malformed',
  );
});
