import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { decodeBase64 } from '../bytes/base64.ts';
import { decodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { KEY_TYPE } from '../note/key-id.ts';
import { openNote } from '../note/open-note.ts';
import { signNote } from '../note/sign-note.ts';
import { parseSignatureLines } from '../note/signature-line.ts';
import { ed25519CosignatureVerifier, ed25519Cosigner } from '../note/types/cosignature.ts';
import { ed25519NoteVerifier } from '../note/types/ed25519.ts';
import { formatVerifierKey, parseVerifierKey } from '../note/verifier-key.ts';
import { expectCode, expectCodeAsync } from '../testing/expect-code.ts';
import { cosignCheckpoint, signerAt } from './cosign-checkpoint.ts';
import {
  cosignatureV1Cosigner,
  cosignatureV1Message,
  cosignatureV1Verifier,
  parseCosignatureV1Message,
} from './cosignature-v1.ts';
import { formatTimestampedSignature, parseTimestampedSignature } from './timestamped-signature.ts';

const { keys, checkpoint: vector, checkpoint_ext: extended } = c2sp;
const TIME = 1_700_000_000n;
const MAX = 2n ** 63n - 1n;
const text = encodeUtf8(vector.text);
const key = parseVerifierKey(keys.witness_0x04);
const verifier = ed25519CosignatureVerifier(key);
const witness = ed25519Cosigner(key.name, decodeHex(keys.witness_seed_hex));
const payload = decodeBase64(vector.witness_0x04_line.split(' ')[2]?.trim() ?? '').subarray(4);

test('CS-1, vector: the seed of the witness makes its key, whose id is of type 0x04', () => {
  expect(witness.key).toEqual(key);
});

test('CS-2, CS-4, vector: the message and the line', async () => {
  expect(decodeUtf8(cosignatureV1Message({ timestamp: TIME, text }))).toBe(vector.witness_0x04_message);
  expect(await cosignCheckpoint(text, [witness], TIME)).toBe(vector.witness_0x04_line);
  expect(decodeUtf8(await signNote(text, [signerAt(witness, TIME)]))).toBe(
    `${vector.text}\n${vector.witness_0x04_line}`,
  );
  const { verified } = openNote(encodeUtf8(vector.signed), [verifier]);
  expect(verified.map(({ line }) => line)).toEqual([vector.witness_0x04_line]);
  expect(parseTimestampedSignature(verified[0]?.signature ?? payload.subarray(0, 0)).timestamp).toBe(TIME);
});

test('CS-4, CS-8, vector: extension lines are part of what type 0x04 signs', () => {
  const split = extended.signed.indexOf('\n\n') + 1;
  const body = extended.signed.slice(0, split);
  expect(decodeUtf8(cosignatureV1Message({ timestamp: TIME, text: encodeUtf8(body) }))).toBe(
    extended.witness_0x04_message,
  );
  expect(openNote(encodeUtf8(extended.signed), [verifier]).verified[0]?.name).toBe(key.name);
  for (const other of [body.replace('ext two\n', ''), body.replace('ext one', 'ext 1'), `${body}ext three\n`]) {
    const note = encodeUtf8(`${other}${extended.signed.slice(split)}`);
    expectCode(() => openNote(note, [verifier]), CoreError, 'bad-signature');
  }
});

test('CS-3, N14: the time in the line is the time that was signed', () => {
  expect(verifier.verify(text, payload)).toBe(true);
  for (const timestamp of [0n, TIME - 1n, TIME + 1n, MAX]) {
    const other = formatTimestampedSignature({ ...parseTimestampedSignature(payload), timestamp });
    expect(verifier.verify(text, other)).toBe(false);
  }
});

test('CS-3, N15: times up to 2^63-1, whatever the clock says, and no more', async () => {
  for (const timestamp of [0n, 1n, MAX]) {
    const made = await witness.cosign(text, timestamp);
    expect(parseTimestampedSignature(made).timestamp).toBe(timestamp);
    expect(verifier.verify(text, made)).toBe(true);
  }
  // What the types forbid, a caller in plain JavaScript may still pass.
  const unchecked = [2n ** 63n, -1n, 5 as unknown as bigint, Number.NaN as unknown as bigint];
  for (const timestamp of unchecked) {
    await expectCodeAsync(() => witness.cosign(text, timestamp), CoreError, 'out-of-range');
    const signature = new Uint8Array(64);
    expectCode(() => formatTimestampedSignature({ timestamp, signature }), CoreError, 'out-of-range');
  }
  const late = concatBytes(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0), payload.subarray(8));
  expectCode(() => parseTimestampedSignature(late), CoreError, 'malformed');
  expect(verifier.verify(text, late)).toBe(false);
});

test('CS-5: the same key under another type is another signer', async () => {
  const log = parseVerifierKey(formatVerifierKey(key.name, KEY_TYPE.ed25519, key.key));
  expect(log.keyId).not.toBe(key.keyId);
  expect(ed25519NoteVerifier(log).verify(text, payload)).toBe(false);
  expect(ed25519NoteVerifier(log).verify(text, payload.subarray(8))).toBe(false);
  expectCode(() => ed25519CosignatureVerifier(log), CoreError, 'unknown-key');
});

test('CS-7: a name may be an object identifier', async () => {
  const mirror = ed25519Cosigner('oid/1.3.6.1.4.1.32473.2', decodeHex(keys.witness_seed_hex));
  const note = await signNote(text, [signerAt(mirror, TIME)]);
  expect(openNote(note, [ed25519CosignatureVerifier(mirror.key)]).verified.length).toBe(1);
});

test('N17: the name of a 0x04 cosigner is in its key id alone', () => {
  const renamed = parseVerifierKey(formatVerifierKey('thief.example', key.type, key.key));
  expect(ed25519CosignatureVerifier(renamed).verify(text, payload)).toBe(true);
  const line = vector.witness_0x04_line.replace(key.name, renamed.name);
  const note = encodeUtf8(`${vector.text}\n${line}`);
  expectCode(() => openNote(note, [ed25519CosignatureVerifier(renamed)]), CoreError, 'unknown-key');
});

test('N18: the last newline is part of what is signed', () => {
  expect(verifier.verify(text.subarray(0, -1), payload)).toBe(false);
  expect(verifier.verify(encodeUtf8(`${vector.text}\n`), payload)).toBe(false);
});

test('bad signatures are false, not thrown', { timeout: 60_000 }, () => {
  for (let at = 0; at < payload.length; at++) {
    const flipped = payload.slice();
    flipped[at] = (flipped[at] ?? 0) ^ (2 ** (at % 8));
    expect(verifier.verify(text, flipped), `byte ${at}`).toBe(false);
  }
  for (let length = 0; length < payload.length; length++) {
    expect(verifier.verify(text, payload.subarray(0, length)), `${length} bytes`).toBe(false);
  }
  expect(verifier.verify(text, concatBytes(payload, Uint8Array.of(0)))).toBe(false);
});

test('a cosigner signs checkpoints alone', async () => {
  for (const bad of ['', 'x\n', 'a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n']) {
    await expectCodeAsync(() => witness.cosign(encodeUtf8(bad), TIME), CoreError, 'malformed');
  }
  const huge = encodeUtf8(vector.text.replace('\n5\n', '\n9007199254740993\n'));
  await expectCodeAsync(() => witness.cosign(huge, TIME), CoreError, 'size-unsupported');
});

test('WT-7: a witness does not answer with time 0', async () => {
  await expectCodeAsync(() => cosignCheckpoint(text, [witness], 0n), CoreError, 'out-of-range');
  expect(await cosignCheckpoint(text, [], TIME)).toBe('');
  const lines = await cosignCheckpoint(text, [witness, ed25519Cosigner('w2', new Uint8Array(32))], TIME);
  expect(parseSignatureLines(encodeUtf8(lines)).map(({ name }) => name)).toEqual([key.name, 'w2']);
});

test('a key service that answers with something else, or not at all', async () => {
  const silent = cosignatureV1Cosigner(key, () => new Uint8Array(63));
  await expectCodeAsync(() => silent.cosign(text, TIME), CoreError, 'bad-signature');
  const away = cosignatureV1Cosigner(key, () => Promise.reject(new Error('the key service is away')));
  await expect(away.cosign(text, TIME)).rejects.toThrow('the key service is away');
});

test('an error of the check that is not about the input is not hidden', () => {
  const broken = cosignatureV1Verifier(key, () => {
    throw new TypeError('broken');
  });
  expect(() => broken.verify(text, payload)).toThrow(TypeError);
});

test('messages read back', () => {
  const time = fc.bigInt({ min: 0n, max: MAX });
  fc.assert(
    fc.property(time, fc.uint8Array({ maxLength: 300 }), (timestamp, body) => {
      const parts = { timestamp, text: body.slice() };
      expect(parseCosignatureV1Message(cosignatureV1Message(parts))).toEqual(parts);
    }),
  );
});

test.each([
  ['nothing', ''],
  ['no time', 'cosignature/v1\n'],
  ['no text and no newline', 'cosignature/v1\ntime 1'],
  ['another version', 'cosignature/v2\ntime 1\n'],
  ['a leading zero', 'cosignature/v1\ntime 01\n'],
  ['a sign', 'cosignature/v1\ntime +1\n'],
  ['a space behind', 'cosignature/v1\ntime 1 \n'],
  ['two spaces', 'cosignature/v1\ntime  1\n'],
  ['2^63', 'cosignature/v1\ntime 9223372036854775808\n'],
  ['a long number', `cosignature/v1\ntime ${'1'.repeat(100_000)}\n`],
  ['an empty line before', '\ncosignature/v1\ntime 1\n'],
  ['a carriage return', 'cosignature/v1\r\ntime 1\r\n'],
  ['too many bytes', `cosignature/v1\ntime 1\n${'a'.repeat(1_048_576 + 40)}`],
])('a message with %s', (_, message) => {
  expectCode(() => parseCosignatureV1Message(encodeUtf8(message)), CoreError, 'malformed');
});

test('payloads read back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: MAX }), fc.uint8Array({ minLength: 1, maxLength: 80 }), (timestamp, raw) => {
      const parts = { timestamp, signature: raw.slice() };
      const bytes = formatTimestampedSignature(parts);
      const { signature, ...rest } = parseTimestampedSignature(bytes);
      expect({ ...rest, signature: signature.slice() }).toEqual(parts);
    }),
  );
  expectCode(() => parseTimestampedSignature(new Uint8Array(8)), CoreError, 'malformed');
  const empty = { timestamp: 1n, signature: new Uint8Array(0) };
  expectCode(() => formatTimestampedSignature(empty), CoreError, 'malformed');
});
