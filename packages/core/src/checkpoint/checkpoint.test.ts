import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ecdsaSigner, ed25519Signer } from '../../test/signers.ts';
import { c2sp, rekor } from '../../test/vectors.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { asHash } from '../bytes/hash-value.ts';
import { decodeHex } from '../bytes/hex.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT } from '../hash/tree-hash.ts';
import { KEY_TYPE } from '../note/key-id.ts';
import { openNote } from '../note/open-note.ts';
import { signNote } from '../note/sign-note.ts';
import { ed25519CosignatureVerifier } from '../note/types/cosignature.ts';
import { ecdsaNoteVerifier } from '../note/types/ecdsa.ts';
import { ed25519NoteVerifier } from '../note/types/ed25519.ts';
import { formatVerifierKey, parseVerifierKey } from '../note/verifier-key.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { openCheckpoint } from './open-checkpoint.ts';

const any = arbitraries(fc);
const vector = c2sp.checkpoint;
const logKey = parseVerifierKey(c2sp.keys.log_0x01);
const logVerifier = ed25519NoteVerifier(logKey);
const ROOT = encodeBase64(EMPTY_ROOT);

test('vector: the text is a checkpoint', () => {
  const checkpoint = parseCheckpoint(encodeUtf8(vector.text));
  expect(checkpoint).toEqual({
    origin: 'log.example/c2sp',
    size: 5,
    root: decodeBase64(c2sp.roots['5'] ?? ''),
    extensions: [],
  });
  expect(decodeUtf8(formatCheckpoint(checkpoint))).toBe(vector.text);
});

test('CP-8, vector: the 0x01 line, alone and among cosignatures, grease and other types', () => {
  for (const note of [`${vector.text}\n${vector.log_0x01_line}`, vector.signed]) {
    const bytes = encodeUtf8(note);
    expect(openCheckpoint(bytes, 'log.example/c2sp', logVerifier)).toMatchObject({ size: 5, note: bytes });
    expect(openNote(bytes, [logVerifier]).verified.map((one) => one.line)).toEqual([vector.log_0x01_line]);
  }
});

test('vector: the seed of the log makes the 0x01 line', async () => {
  const { signer } = ed25519Signer('log.example/c2sp', decodeHex(c2sp.keys.log_seed_hex));
  const note = await signNote(encodeUtf8(vector.text), [signer]);
  expect(decodeUtf8(note)).toBe(`${vector.text}\n${vector.log_0x01_line}`);
});

test('CP-4, vector: extension lines are signed too', () => {
  const note = c2sp.checkpoint_ext.signed;
  const opened = openCheckpoint(encodeUtf8(note), 'log.example/c2sp', logVerifier);
  expect(opened.extensions).toEqual(['ext one', 'ext two']);
  const without = encodeUtf8(note.replace('ext two\n', ''));
  expectCode(() => openCheckpoint(without, 'log.example/c2sp', logVerifier), CoreError, 'bad-signature');
});

test('N9: a witness cosignature is no log signature', () => {
  const note = encodeUtf8(`${vector.text}\n${vector.witness_0x04_line}`);
  expectCode(() => openCheckpoint(note, 'log.example/c2sp', logVerifier), CoreError, 'unknown-key');
  const witness = parseVerifierKey(c2sp.keys.witness_0x04);
  expectCode(() => ed25519NoteVerifier(witness), CoreError, 'unknown-key');
  // The same key passed off as a log key has another id, so that its line is a stranger's.
  const posing = parseVerifierKey(formatVerifierKey(witness.name, KEY_TYPE.ed25519, witness.key));
  const verifier = ed25519NoteVerifier(posing);
  expectCode(() => openCheckpoint(note, 'log.example/c2sp', verifier), CoreError, 'unknown-key');
});

const rekorLocal = ed25519NoteVerifier(
  parseVerifierKey('rekor-local+d80b4420+AURLycjWRo1+gdwwCLg9wU4PayMFdNBmPF4ORVPiBQ1E'),
);
test.each(rekor.checkpoints)('rekor: checkpoint of rekor-local %#', ({ text }) => {
  expect(openCheckpoint(encodeUtf8(text), 'rekor-local', rekorLocal)).toMatchObject({ size: 2, extensions: [] });
});

test.each(rekor.captured)('rekor: checkpoint of $name', ({ tle }) => {
  const { envelope } = tle.inclusionProof.checkpoint;
  const log = rekor.logs.find(({ logIdB64 }) => logIdB64 === tle.logId.keyId);
  if (log === undefined) throw new Error('the vectors lack the key of this log');
  const key = decodeBase64(log.spkiB64).subarray(12);
  const verifier = ed25519NoteVerifier(parseVerifierKey(formatVerifierKey(log.origin, KEY_TYPE.ed25519, key)));
  const checkpoint = openCheckpoint(encodeUtf8(envelope), log.origin, verifier);
  expect(String(checkpoint.size)).toBe(tle.inclusionProof.treeSize);
  expect(encodeBase64(checkpoint.root)).toBe(tle.inclusionProof.rootHash);
});

test.each(['P-256', 'P-384', 'P-521'] as const)('0x02: a checkpoint signed with a %s key', async (curve) => {
  const { signer, vkey } = ecdsaSigner('log.example', curve);
  const text = formatCheckpoint({ origin: 'log.example', size: asTreeSize(0), root: EMPTY_ROOT, extensions: [] });
  const note = await signNote(text, [signer]);
  expect(openCheckpoint(note, 'log.example', ecdsaNoteVerifier(vkey)).root).toEqual(EMPTY_ROOT);
  const stranger = ecdsaNoteVerifier(ecdsaSigner('log.example', curve).vkey);
  expectCode(() => openCheckpoint(note, 'log.example', stranger), CoreError, 'unknown-key');
});

test('CP-6, N13: the name of the key need not be the origin; the checkpoint of another log with the same key', async () => {
  const { signer, vkey } = ed25519Signer('key.example');
  const text = formatCheckpoint({ origin: 'a.example', size: asTreeSize(0), root: EMPTY_ROOT, extensions: [] });
  const note = await signNote(text, [signer]);
  // The name of the key need not be the origin.
  expect(openCheckpoint(note, 'a.example', ed25519NoteVerifier(vkey)).origin).toBe('a.example');
  expectCode(() => openCheckpoint(note, 'b.example', ed25519NoteVerifier(vkey)), CoreError, 'mismatch');
});

test('CP-1: a signed note that is no checkpoint', async () => {
  const { signer, vkey } = ed25519Signer('a.example');
  const note = await signNote(encodeUtf8('a.example\nhello\n'), [signer]);
  expectCode(() => openCheckpoint(note, 'a.example', ed25519NoteVerifier(vkey)), CoreError, 'malformed');
});

test.each([
  ['nothing', ''],
  ['one line', 'a\n'],
  ['two lines (N11)', 'a\n1\n'],
  ['two lines and an empty one', 'a\n1\n\n'],
  ['no last newline', `a\n1\n${ROOT}`],
  ['an empty origin', `\n1\n${ROOT}\n`],
  ['an origin of 256 bytes', `${'a'.repeat(256)}\n1\n${ROOT}\n`],
  ['an origin of 255 characters and 256 bytes', `${'a'.repeat(254)}\u00e9\n1\n${ROOT}\n`],
  ['size 00 (N11)', `a\n00\n${ROOT}\n`],
  ['size 01', `a\n01\n${ROOT}\n`],
  ['size +1 (N11)', `a\n+1\n${ROOT}\n`],
  ['size -1', `a\n-1\n${ROOT}\n`],
  ['a space after the size (N11)', `a\n1 \n${ROOT}\n`],
  ['an empty size', `a\n\n${ROOT}\n`],
  ['size 2^63 (N11)', `a\n9223372036854775808\n${ROOT}\n`],
  ['an empty root (N11)', 'a\n1\n\n'],
  ['a root of 31 bytes (N11)', `a\n1\n${encodeBase64(new Uint8Array(31))}\n`],
  ['a root of 33 bytes (N11)', `a\n1\n${encodeBase64(new Uint8Array(33))}\n`],
  ['a root with unused bits', `a\n1\n${ROOT.replace('U=', 'V=')}\n`],
  ['a root in hexadecimal', `a\n1\n${'ab'.repeat(32)}\n`],
  ['an empty extension line (N11)', `a\n1\n${ROOT}\n\n`],
  ['an empty extension line in between', `a\n1\n${ROOT}\nx\n\ny\n`],
  ['a carriage return', `a\r\n1\r\n${ROOT}\r\n`],
  ['a control character in the origin', `a\u0001\n1\n${ROOT}\n`],
  ['a tab in an extension line', `a\n1\n${ROOT}\nx\ty\n`],
  ['too many bytes', `a\n1\n${ROOT}\n${'x'.repeat(65_536)}\n`],
])('CP-1 to CP-4, no checkpoint: %s', (_, text) => {
  expectCode(() => parseCheckpoint(encodeUtf8(text)), CoreError, 'malformed');
});

test('CP-9: a size between 2^53 and 2^63 is well-formed, but not supported', () => {
  const text = encodeUtf8(`a\n9223372036854775807\n${ROOT}\n`);
  expectCode(() => parseCheckpoint(text), CoreError, 'size-unsupported');
});

test.each(['go.sum database tree', 'a', '\u00e9 +\u00a0', '\ufeffa', 'a'.repeat(255)])(
  'CP-1, CP-9: origin %j',
  (origin) => {
    const checkpoint = { origin, size: asTreeSize(7), root: EMPTY_ROOT, extensions: ['x', '\u2014 y z'] };
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
  },
);

test('CP-2, CP-3: every other spelling of a number or a root is refused, and the line is named', () => {
  for (const size of c2sp.decimal_invalid) {
    const { message } = expectCode(() => parseCheckpoint(encodeUtf8(`a\n${size}\n${ROOT}\n`)), CoreError, 'malformed');
    if (!size.includes('\n')) expect(message).toMatch(/^line 2: /);
  }
  for (const root of [...c2sp.base64_invalid, '', ROOT.slice(0, -4), `AAAA${ROOT}`, ROOT.replace('U=', 'V=')]) {
    const { message } = expectCode(() => parseCheckpoint(encodeUtf8(`a\n1\n${root}\n`)), CoreError, 'malformed');
    if (!root.includes('\n')) expect(message).toMatch(/^line 3: /);
  }
  const { message } = expectCode(
    () => parseCheckpoint(encodeUtf8(`a\n1\n${ROOT}\nx\n\u0000\n`)),
    CoreError,
    'malformed',
  );
  expect(message).toMatch(/^line 5: /);
});

test('what parses is what is written: mutations of a checkpoint are refused or another checkpoint', () => {
  const pieces = ['\n', ' ', '0', '9', 'A', '=', '\r', '\ufeff', '\u00a0', '+', '-', '\n\n', 'x\n', ROOT];
  const edit = fc.record({ at: fc.nat({ max: 100 }), cut: fc.nat({ max: 3 }), piece: fc.constantFrom('', ...pieces) });
  let parsed = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let text = vector.text;
      for (const { at, cut, piece } of edits) text = text.slice(0, at) + piece + text.slice(at + cut);
      const bytes = encodeUtf8(text);
      try {
        expect(formatCheckpoint(parseCheckpoint(bytes))).toEqual(bytes);
        parsed += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(CoreError);
      }
    }),
    { numRuns: 3000 },
  );
  expect(parsed).toBeGreaterThan(100);
});

test('SN-1: what a note says is not looked at before a trusted key has signed it', () => {
  const note = encodeUtf8(`no checkpoint\n\n${vector.log_0x01_line}`);
  expectCode(() => openCheckpoint(note, 'log.example/c2sp', logVerifier), CoreError, 'bad-signature');
  const stranger = encodeUtf8('no checkpoint\n\n\u2014 other AAAAAAA=\n');
  expectCode(() => openCheckpoint(stranger, 'log.example/c2sp', logVerifier), CoreError, 'unknown-key');
});

test('a log with several keys: one that signed is enough, and none at all is not', async () => {
  const other = ed25519NoteVerifier(ed25519Signer('log.example/c2sp').vkey);
  const note = encodeUtf8(vector.signed);
  expect(openCheckpoint(note, 'log.example/c2sp', [other, logVerifier]).size).toBe(5);
  expectCode(() => openCheckpoint(note, 'log.example/c2sp', [other]), CoreError, 'unknown-key');
  expectCode(() => openCheckpoint(note, 'log.example/c2sp', []), CoreError, 'unknown-key');
  expectCode(() => openCheckpoint(note, 'log.example/c2sp', [logVerifier, logVerifier]), CoreError, 'mismatch');
});

test('N9: a verifier of cosignatures is not taken for that of a log', () => {
  const witness = ed25519CosignatureVerifier(parseVerifierKey(c2sp.keys.witness_0x04));
  const note = encodeUtf8(`${vector.text}\n${vector.witness_0x04_line}`);
  expect(openNote(note, [witness]).verified.length).toBe(1);
  expectCode(() => openCheckpoint(note, 'log.example/c2sp', witness), CoreError, 'unknown-key');
  expectCode(() => openCheckpoint(note, 'log.example/c2sp', [logVerifier, witness]), CoreError, 'unknown-key');
});

test('checkpoints read back', () => {
  const line = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .map((text) => text.replace(/\p{Cc}/gu, '-'));
  const extensions = fc.array(line, { maxLength: 3 });
  fc.assert(
    fc.property(line, any.treeSize(), any.hash(), extensions, (origin, size, root, lines) => {
      const checkpoint = { origin, size, root, extensions: lines };
      expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
    }),
  );
});

test('CP-1 to CP-4: values that make no checkpoint', () => {
  const good = { origin: 'a', size: asTreeSize(1), root: EMPTY_ROOT, extensions: [] };
  for (const origin of ['', 'a\nb', 'a\r', 'a'.repeat(256), '\ud800']) {
    expectCode(() => formatCheckpoint({ ...good, origin }), CoreError, 'malformed');
  }
  for (const extension of ['', 'x\ny', '\u0000']) {
    expectCode(() => formatCheckpoint({ ...good, extensions: [extension] }), CoreError, 'malformed');
  }
  // What the types forbid, a caller in plain JavaScript may still pass.
  for (const size of [-1, 1.5, 2 ** 53]) {
    const unchecked = { ...good, size: size as typeof good.size };
    expectCode(() => formatCheckpoint(unchecked), CoreError, 'out-of-range');
  }
  const short = new Uint8Array(31) as typeof good.root;
  expectCode(() => formatCheckpoint({ ...good, root: short }), CoreError, 'malformed');
  expect(asHash(good.root)).toBe(EMPTY_ROOT);
});
