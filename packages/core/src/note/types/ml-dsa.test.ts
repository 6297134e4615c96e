import { expect, test } from 'vitest';
import { c2sp } from '../../../test/vectors.ts';
import { decodeBase64 } from '../../bytes/base64.ts';
import { asHash } from '../../bytes/hash-value.ts';
import { decodeHex, encodeHex } from '../../bytes/hex.ts';
import { concatBytes } from '../../bytes/sequences.ts';
import { asTreeSize } from '../../bytes/tree-numbers.ts';
import { decodeUtf8, encodeUtf8 } from '../../bytes/utf8.ts';
import { formatCheckpoint } from '../../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../checkpoint/open-checkpoint.ts';
import { CoreError } from '../../core-error.ts';
import { subtreeV1Message } from '../../cosignature/subtree-v1-message.ts';
import { parseTimestampedSignature } from '../../cosignature/timestamped-signature.ts';
import { sha256 } from '../../hash/tree-hash.ts';
import { expectCode, expectCodeAsync } from '../../testing/expect-code.ts';
import { openNote } from '../open-note.ts';
import { signNote } from '../sign-note.ts';
import { formatVerifierKey, parseVerifierKey } from '../verifier-key.ts';
import { ed25519NoteSigner, ed25519NoteVerifier } from './ed25519.ts';
import { mlDsaCosigner, mlDsaLogSigner, mlDsaNoteVerifier } from './ml-dsa.ts';

const { keys, checkpoint: vector } = c2sp;
const ORIGIN = 'log.example/c2sp';
const text = encodeUtf8(vector.text);
const logKey = parseVerifierKey(keys.log_0x06);
const witnessKey = parseVerifierKey(keys.witness_0x06);
const logVerifier = mlDsaNoteVerifier(logKey);
const seeds = { log: decodeHex(keys.mldsa_log_seed_hex), witness: decodeHex(keys.mldsa_witness_seed_hex) };

/** What a signature line holds after the key id. */
function payloadOf(line: string): Uint8Array<ArrayBuffer> {
  return decodeBase64(line.split(' ')[2]?.trim() ?? '').slice(4);
}

test('FIPS 204 key generation: the key of a log in Go', async () => {
  const seed = decodeHex('2886adc2b0eabfce67c0472939127998bf886cf256bfee8ba76a253fce1146e0');
  const { key } = mlDsaLogSigner('example.com/mldsa-log', seed);
  expect(formatVerifierKey(key.name, key.type, key.key)).toMatch(/^example\.com\/mldsa-log\+b5df45c5\+BuhtcL97/);
  expect(encodeHex(sha256(key.key))).toBe('a87b918c511f5e0e65e0caa54e73961ff42e48e9491098f5afac41b2501b4b20');
  const root = asHash(decodeBase64('+zoErtsZtGO6sfiSV/v4UJSIyowisE8hvjw0q5+bD38='));
  const [start, end] = [0, 1];
  const message = subtreeV1Message({ cosigner: key.name, timestamp: 0n, origin: key.name, start, end, hash: root });
  expect(encodeHex(message)).toBe(
    '737562747265652f76310a00156578616d706c652e636f6d2f6d6c6473612d6c6f670000000000000000156578616d706c652e636f6d2f6d6c6473612d6c6f6700000000000000000000000000000001fb3a04aedb19b463bab1f89257fbf8509488ca8c22b04f21be3c34ab9f9b0f7f',
  );
});

test('vector: the seeds of the log and the witness make their keys and lines', async () => {
  const log = mlDsaLogSigner(ORIGIN, seeds.log);
  const witness = mlDsaCosigner('witness.example/w1', seeds.witness);
  expect(log.key).toEqual(logKey);
  expect(witness.key).toEqual(witnessKey);
  expect(await log.sign(text)).toEqual(payloadOf(vector.log_0x06_line));
  expect(await witness.cosign(text, 1_700_000_000n)).toEqual(payloadOf(vector.witness_0x06_line));
  const hash = asHash(decodeHex(vector.witness_0x06_subtree_4_5_message_hex.slice(-64)));
  const subtree = { origin: ORIGIN, start: 4, end: 5, hash };
  expect(await witness.signSubtree(subtree)).toEqual(payloadOf(vector.witness_0x06_subtree_4_5_line));
});

test('CP-7, vector: the 0x06 line of the log opens the checkpoint, alone and beside the Ed25519 line', () => {
  const ed25519 = ed25519NoteVerifier(parseVerifierKey(keys.log_0x01));
  for (const verifiers of [logVerifier, [logVerifier], [ed25519, logVerifier]]) {
    expect(openCheckpoint(encodeUtf8(vector.signed), ORIGIN, verifiers).size).toBe(5);
  }
  const { verified } = openNote(encodeUtf8(vector.signed), [ed25519, logVerifier]);
  expect(verified.map(({ line }) => line)).toEqual([vector.log_0x06_line, vector.log_0x01_line]);
  expect(parseTimestampedSignature(verified[0]?.signature ?? new Uint8Array(0)).timestamp).toBe(0n);
});

test('SN-10: where two keys are trusted, neither signature may fail', async () => {
  const both = [ed25519NoteSigner(ORIGIN, seeds.log), mlDsaLogSigner(ORIGIN, seeds.log)] as const;
  const note = await signNote(text, both);
  const verifiers = [ed25519NoteVerifier(both[0].key), mlDsaNoteVerifier(both[1].key)];
  expect(openCheckpoint(note, ORIGIN, verifiers).size).toBe(5);
  const lines = decodeUtf8(note).split('\n');
  for (const line of [4, 5]) {
    const bad = lines.with(line, `${lines[line]?.slice(0, 60)}AAAA${lines[line]?.slice(64)}`).join('\n');
    expectCode(() => openCheckpoint(encodeUtf8(bad), ORIGIN, verifiers), CoreError, 'bad-signature');
  }
});

test('CP-10, N12: extension lines are refused under a 0x06 key, by verifier and signer', async () => {
  const cosigner = mlDsaCosigner(ORIGIN, seeds.log);
  const extended = encodeUtf8(`${vector.text}extension\n`);
  const { message } = await expectCodeAsync(() => cosigner.cosign(extended, 0n), CoreError, 'mismatch');
  expect(message).toContain('extension lines');
  const stolen = encodeUtf8(`${vector.text}extension\n\n${vector.log_0x06_line}`);
  expectCode(() => openCheckpoint(stolen, ORIGIN, logVerifier), CoreError, 'bad-signature');
});

test('CS-6, N17: the name of the cosigner and the origin of the log are signed', async () => {
  const payload = payloadOf(vector.log_0x06_line);
  expect(logVerifier.verify(text, payload)).toBe(true);
  const renamed = mlDsaNoteVerifier({ ...logKey, name: 'log.example/other' });
  expect(renamed.verify(text, payload)).toBe(false);
  expect(logVerifier.verify(encodeUtf8(vector.text.replace('c2sp', 'c2sq')), payload)).toBe(false);
});

test('a log signs checkpoints of its own name alone', async () => {
  const signer = mlDsaLogSigner('other.example', seeds.log);
  await expectCodeAsync(() => signer.sign(text), CoreError, 'mismatch');
  await expectCodeAsync(() => signer.sign(encodeUtf8('no checkpoint\n')), CoreError, 'malformed');
});

test('SN-7: a checkpoint with four ML-DSA signatures is 13 kB, one with sixteen opens as well', async () => {
  const cosigner = mlDsaCosigner('a', seeds.witness);
  const payload = await cosigner.cosign(text, 7n);
  const named = (i: number) => ({ name: `w${i}.example`, keyId: i, sign: async () => payload });
  const four = await signNote(text, [mlDsaLogSigner(ORIGIN, seeds.log), ...[1, 2, 3].map(named)]);
  expect(four.length).toBeGreaterThan(13_000);
  expect(four.length).toBeLessThan(13_200);
  expect(openCheckpoint(four, ORIGIN, logVerifier).size).toBe(5);
  const sixteen = await signNote(text, [...[...Array(15).keys()].map(named), mlDsaLogSigner(ORIGIN, seeds.log)]);
  expect(openNote(sixteen, [logVerifier])).toMatchObject({ verified: { length: 1 }, unverified: { length: 15 } });
});

test('a size above 2^53-1 is verified, and then refused as unsupported', async () => {
  for (const size of [2n ** 53n, 2n ** 63n - 1n]) {
    const huge = encodeUtf8(vector.text.replace('\n5\n', `\n${size}\n`));
    // A cosigner of another make: ours refuses to sign what it cannot count.
    await expectCodeAsync(() => mlDsaCosigner(ORIGIN, seeds.log).cosign(huge, 0n), CoreError, 'size-unsupported');
    const message = decodeHex(vector.log_0x06_message_hex);
    new DataView(message.buffer).setBigUint64(message.length - 40, size);
    const { ml_dsa44 } = await import('@noble/post-quantum/ml-dsa.js');
    const raw = ml_dsa44.sign(message, ml_dsa44.keygen(seeds.log).secretKey);
    const note = await signNote(huge, [{ ...logKey, sign: async () => concatBytes(new Uint8Array(8), raw) }]);
    expectCode(() => openCheckpoint(note, ORIGIN, logVerifier), CoreError, 'size-unsupported');
  }
});

test('randomness changes the signature and nothing else', async () => {
  const hedged = mlDsaCosigner(ORIGIN, seeds.log, () => new Uint8Array(32).fill(5));
  const payload = await hedged.cosign(text, 0n);
  expect(payload).not.toEqual(payloadOf(vector.log_0x06_line));
  expect(logVerifier.verify(text, payload)).toBe(true);
});

test('bad signatures are false, not thrown', { timeout: 60_000 }, () => {
  const good = payloadOf(vector.log_0x06_line);
  for (let at = 0; at < good.length; at += 97) {
    const flipped = good.slice();
    flipped[at] = (flipped[at] ?? 0) ^ (2 ** (at % 8));
    expect(logVerifier.verify(text, flipped), `byte ${at}`).toBe(false);
  }
  // The hint, at the end of the signature, is where encodings could differ.
  for (let at = good.length - 84; at < good.length; at++) {
    const changed = good.slice();
    changed[at] = (changed[at] ?? 0) + 1;
    expect(logVerifier.verify(text, changed), `byte ${at}`).toBe(false);
  }
  for (const bad of [
    good.subarray(1),
    good.subarray(0, -1),
    concatBytes(good, good),
    new Uint8Array(0),
    new Uint8Array(2428),
  ]) {
    expect(logVerifier.verify(text, bad)).toBe(false);
  }
  for (const other of ['', 'x\n', vector.text.slice(0, -1)])
    expect(logVerifier.verify(encodeUtf8(other), good)).toBe(false);
});

test('seeds and keys of another length or type', () => {
  expectCode(() => mlDsaCosigner('a', new Uint8Array(31)), CoreError, 'malformed');
  expectCode(() => mlDsaCosigner('a b', new Uint8Array(32)), CoreError, 'malformed');
  expectCode(() => mlDsaCosigner('a'.repeat(256), new Uint8Array(32)), CoreError, 'malformed');
  expectCode(() => mlDsaNoteVerifier({ ...logKey, key: logKey.key.subarray(1) }), CoreError, 'malformed');
  expectCode(() => mlDsaNoteVerifier(parseVerifierKey(keys.log_0x01)), CoreError, 'unknown-key');
});

test('a verifier keeps its key when the array of the caller changes', () => {
  const key = logKey.key.slice();
  const own = mlDsaNoteVerifier({ ...logKey, key });
  key.fill(0);
  expect(own.verify(text, payloadOf(vector.log_0x06_line))).toBe(true);
});

test('a checkpoint that a log signs with both keys reads for those who know one', async () => {
  const body = formatCheckpoint({
    origin: ORIGIN,
    size: asTreeSize(0),
    root: asHash(new Uint8Array(32)),
    extensions: [],
  });
  const note = await signNote(body, [ed25519NoteSigner(ORIGIN, seeds.log), mlDsaLogSigner(ORIGIN, seeds.log)]);
  expect(openCheckpoint(note, ORIGIN, logVerifier).size).toBe(0);
});
