import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ed25519Signer } from '../../test/signers.ts';
import { c2sp } from '../../test/vectors.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode, expectCodeAsync } from '../testing/expect-code.ts';
import { NOTE_LIMITS } from './limits.ts';
import type { NoteVerifier } from './note-signature.ts';
import { openNote } from './open-note.ts';
import { signNote } from './sign-note.ts';
import { formatSignatureLine, parseSignatureLines } from './signature-line.ts';
import { formatNote, parseNote } from './signed-note.ts';
import { ed25519NoteVerifier } from './types/ed25519.ts';

const any = arbitraries(fc);
const text = encodeUtf8('log.example\n1\n');
const ours = ed25519Signer('log.example');
const verifier = ed25519NoteVerifier(ours.vkey);
const signed = decodeUtf8(await signNote(text, [ours.signer]));
const line = signed.slice(signed.indexOf('\n\n') + 2);

/** Opens a note given as text, with our key trusted. */
function open(note: string, verifiers: readonly NoteVerifier[] = [verifier]) {
  return openNote(encodeUtf8(note), verifiers);
}

function unknownLine(i: number): string {
  return formatSignatureLine(`other.example/${i}`, i, Uint8Array.of(i % 256));
}

test.each(c2sp.note_invalid)('vector: %j is no note', (note) => {
  expectCode(() => parseNote(encodeUtf8(note)), CoreError, 'malformed');
  expectCode(() => open(note), CoreError, 'malformed');
});

test('SN-9: what our key signed opens', () => {
  const signature = expect.any(Uint8Array);
  expect(open(signed)).toEqual({
    text,
    verified: [{ name: 'log.example', keyId: ours.vkey.keyId, signature, line }],
    unverified: [],
  });
});

test.each([
  ['nothing', ''],
  ['only a newline', '\n'],
  ['a blank line after the signatures', `${signed}\n`],
  ['two spaces (N2)', signed.replace('\u2014 ', '\u2014  ')],
  ['two spaces before the base64 (N2)', signed.replace('log.example ', 'log.example  ')],
  ['a hyphen pair for the em dash (N3)', signed.replace('\u2014', '--')],
  ['an en dash for the em dash (N3)', signed.replace('\u2014', '\u2013')],
  ['no last newline (N4)', signed.slice(0, -1)],
  ['a carriage return', signed.replace('log.example\n', 'log.example\r\n')],
  ['a carriage return after the signature', `${signed.slice(0, -1)}\r\n`],
  ['a tab', signed.replace('1\n', '1\t\n')],
  ['a null byte', signed.replace('1\n', '1\u0000\n')],
  ['a space after the base64', `${signed.slice(0, -1)} \n`],
  ['a space before the line', signed.replace('\u2014', ' \u2014')],
  ['a name with a no-break space', signed.replace('\u2014 log', '\u2014 l\u00a0g')],
  ['a name with a plus sign', signed.replace('\u2014 log', '\u2014 l+g')],
  ['no base64', 'text\n\n\u2014 log.example\n'],
  ['empty base64', 'text\n\n\u2014 log.example \n'],
  ['base64 of only a key id', 'text\n\n\u2014 log.example AAAAAA==\n'],
  ['unpadded base64', 'text\n\n\u2014 log.example AAAAAAA\n'],
  ['URL-safe base64', 'text\n\n\u2014 log.example AAAA_-8=\n'],
])('a note with %s', (_, note) => {
  expectCode(() => parseNote(encodeUtf8(note)), CoreError, 'malformed');
});

test('SN-4, N1: an empty line too many makes another text, which the signature does not fit', () => {
  const before = signed.replace('\n\n', '\n\n\n');
  expect(decodeUtf8(parseNote(encodeUtf8(before)).text)).toBe('log.example\n1\n\n');
  expectCode(() => open(before), CoreError, 'bad-signature');
  const between = `${signed}\n${line}`;
  expect(decodeUtf8(parseNote(encodeUtf8(between)).text)).toBe(signed);
  expectCode(() => open(between), CoreError, 'bad-signature');
});

test('SN-2: the whole note is UTF-8, text and signatures', () => {
  const bytes = encodeUtf8(signed);
  for (const bad of [[0xff], [0xc0, 0x8a], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x80]]) {
    for (const at of [0, 3, text.length, text.length + 1, text.length + 6, bytes.length - 1]) {
      const note = concatBytes(bytes.subarray(0, at), Uint8Array.from(bad), bytes.subarray(at));
      expectCode(() => parseNote(note), CoreError, 'malformed');
      expectCode(() => openNote(note, [verifier]), CoreError, 'malformed');
    }
  }
});

test('SN-3: every byte below 0x20 but the newline is refused, wherever it stands; DEL and C1 are not', () => {
  const bytes = encodeUtf8(signed);
  for (let byte = 0; byte < 0x20; byte++) {
    if (byte === 0x0a) continue;
    for (const at of [0, 5, text.length, bytes.length - 1]) {
      const note = concatBytes(bytes.subarray(0, at), Uint8Array.of(byte), bytes.subarray(at));
      const { message } = expectCode(() => parseNote(note), CoreError, 'malformed');
      expect(message).toContain(`at byte ${at}`);
    }
  }
  expect(decodeUtf8(parseNote(encodeUtf8(`\u007f\u0085\n${signed}`)).text)).toBe('\u007f\u0085\nlog.example\n1\n');
});

test('SN-4: the text ends at the last empty line and keeps its newline', async () => {
  for (const content of ['a\n\nb\n', '\n', '\n\n\n', 'a\n\n', `x\n\n${line}`, '\ufeffa\n', 'a\u007f\u0085\n']) {
    const note = await signNote(encodeUtf8(content), [ours.signer]);
    expect(decodeUtf8(openNote(note, [verifier]).text)).toBe(content);
  }
});

test('SN-9, N5: another key with our name and key id does not open our note, nor is it skipped', () => {
  const collision: NoteVerifier = {
    ...ed25519NoteVerifier(ed25519Signer('x').vkey),
    name: 'log.example',
    keyId: ours.vkey.keyId,
  };
  expectCode(() => open(signed, [collision]), CoreError, 'bad-signature');
});

test('SN-8, N6: our name with another id, our id with another name, are other keys', () => {
  const { keyId } = ours.vkey;
  const grease = formatSignatureLine('log.example', (keyId + 1) % 2 ** 32, Uint8Array.of(1));
  const thief = formatSignatureLine('other.example', keyId, Uint8Array.of(1));
  expect(open(signed + grease + thief).unverified.map((one) => one.line)).toEqual([grease, thief]);
  expectCode(() => open(`log.example\n1\n\n${grease}${thief}`), CoreError, 'unknown-key');
});

test('SN-7, N7: ninety-nine unknown signatures before ours, one more is too many', () => {
  const unknown = Array.from({ length: 99 }, (_, i) => unknownLine(i)).join('');
  const note = signed.replace(line, unknown + line);
  expect(open(note).verified.length).toBe(1);
  expect(open(note).unverified.length).toBe(99);
  expectCode(() => open(note + unknownLine(99)), CoreError, 'malformed');
});

test('SN-9, N8: a key that signed twice counts once', () => {
  expect(open(signed + line + line).verified.map((one) => one.line)).toEqual([line]);
});

test('SN-10: a second signature of a trusted key must verify like the first', () => {
  const bad = formatSignatureLine('log.example', ours.vkey.keyId, new Uint8Array(64));
  expectCode(() => open(signed + bad), CoreError, 'bad-signature');
  expectCode(() => open(signed.replace(line, bad + line)), CoreError, 'bad-signature');
});

test('SN-10: a trusted signature with non-zero unused bits fails (403, not 400), an unknown one is ignored', () => {
  // 68 bytes end in a group with two unused bits: change them and nothing else.
  const last = line.at(-3) ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const altered = `${line.slice(0, -3)}${alphabet[alphabet.indexOf(last) + 1]}=\n`;
  expectCode(() => open(signed.replace(line, altered)), CoreError, 'bad-signature');
  const stranger = altered.replace('log.example', 'other.example');
  expect(open(signed + stranger).unverified.map((one) => one.line)).toEqual([stranger]);
});

test('SN-10: every flipped bit of the text makes the note fail', () => {
  const note = encodeUtf8(signed);
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const bad = note.slice();
      bad[at] = (bad[at] ?? 0) ^ (2 ** bit);
      expect(() => openNote(bad, [verifier]), `byte ${at}, bit ${bit}`).toThrow(CoreError);
    }
  }
});

test('SN-11, SN-15: no trusted key, and two trusted keys that cannot be told apart', () => {
  expectCode(() => open(signed, []), CoreError, 'unknown-key');
  expectCode(() => open(signed, [verifier, verifier]), CoreError, 'mismatch');
});

test('SN-9: all trusted keys that signed are reported, in the order of the note', async () => {
  const others = [ed25519Signer('b'), ed25519Signer('a'), ed25519Signer('a')];
  const note = await signNote(
    text,
    [ours, ...others].map(({ signer }) => signer),
  );
  const verifiers = [...others, ours].map(({ vkey }) => ed25519NoteVerifier(vkey));
  const { verified } = openNote(note, verifiers);
  expect(verified.map(({ keyId }) => keyId)).toEqual([ours, ...others].map(({ vkey }) => vkey.keyId));
});

test('what is signed opens, and writes back from its parts', async () => {
  await fc.assert(
    fc.asyncProperty(any.noteText(), any.keyName(), async (content, name) => {
      const { signer, vkey } = ed25519Signer(name);
      const note = await signNote(content, [signer]);
      expect(openNote(note, [ed25519NoteVerifier(vkey)]).text).toEqual(content);
      const parts = parseNote(note);
      const lines = parts.signatures.map((one) => formatSignatureLine(one.name, one.keyId, one.signature));
      expect(concatBytes(parts.text, encodeUtf8(`\n${lines.join('')}`))).toEqual(note);
      expect(formatNote(parts)).toEqual(note);
    }),
    { numRuns: 25 },
  );
});

test('whatever parses is made of the parts that were found', () => {
  const pieces = ['\n', '\n\n', 'a', '\u2014 ', ' ', '\u2014 a AAAAAAA=\n', line, '\ufeff', '\r', '='];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 10 }), (list) => {
      const note = encodeUtf8(`x\n\n${list.join('')}`);
      let parts: ReturnType<typeof parseNote>;
      try {
        parts = parseNote(note);
      } catch {
        return;
      }
      expect(parts.signatures.length).toBeGreaterThan(0);
      expect(formatNote(parts)).toEqual(note);
    }),
    { numRuns: 3000 },
  );
});

test('a bad line is named by its number, and little of it is repeated', () => {
  const long = `${signed}\u2014 x ${'*'.repeat(100_000)}\n`;
  const { message } = expectCode(() => parseNote(encodeUtf8(long)), CoreError, 'malformed');
  expect(message).toMatch(/^line 5: /);
  expect(message.length).toBeLessThan(200);
  const bare = encodeUtf8(`${line}${line}\u2014 x\n`);
  expect(expectCode(() => parseSignatureLines(bare), CoreError, 'malformed').message).toMatch(/^line 3: /);
});

test('signature lines without a note', () => {
  expect(parseSignatureLines(encodeUtf8(line + unknownLine(3))).map((one) => one.line)).toEqual([line, unknownLine(3)]);
  for (const bad of ['', '\n', line.slice(0, -1), `${line}\n`, `\n${line}`, `${line}x\n`, line.replace('\n', '\r\n')]) {
    expectCode(() => parseSignatureLines(encodeUtf8(bad)), CoreError, 'malformed');
  }
  const many = Array.from({ length: 100 }, (_, i) => unknownLine(i)).join('');
  expect(parseSignatureLines(encodeUtf8(many)).length).toBe(100);
  expectCode(() => parseSignatureLines(encodeUtf8(many + line)), CoreError, 'malformed');
});

test('SN-6: five bytes of key id and signature are the least', () => {
  const shortest = 'text\n\n\u2014 a AAAAAAA=\n';
  expect(parseNote(encodeUtf8(shortest)).signatures[0]).toMatchObject({ keyId: 0, signature: Uint8Array.of(0) });
  expectCode(() => parseNote(encodeUtf8('text\n\n\u2014 a AAAAAA==\n')), CoreError, 'malformed');
});

test('SN-12: a key name need not look like a URL', async () => {
  for (const name of ['\u00e9\ufeff', 'oid/1.3.6.1.4.1.32473.2', 'https://log.example/', '\u2014', 'a'.repeat(2000)]) {
    const { signer, vkey } = ed25519Signer(name);
    expect(openNote(await signNote(text, [signer]), [ed25519NoteVerifier(vkey)]).verified[0]?.name).toBe(name);
  }
});

test('SN-7: notes up to 1 MiB, not one byte more', () => {
  const fill = (total: number) => `${'a'.repeat(total - encodeUtf8(line).length - 2)}\n\n${line}`;
  expect(parseNote(encodeUtf8(fill(NOTE_LIMITS.maxBytes))).signatures.length).toBe(1);
  expectCode(() => parseNote(encodeUtf8(fill(NOTE_LIMITS.maxBytes + 1))), CoreError, 'malformed');
});

test('texts that cannot be signed', async () => {
  for (const content of ['', 'a', 'a\r\n', 'a\tb\n', '\u0000\n']) {
    await expectCodeAsync(() => signNote(encodeUtf8(content), [ours.signer]), CoreError, 'malformed');
  }
  await expectCodeAsync(() => signNote(Uint8Array.of(0xff, 0x0a), [ours.signer]), CoreError, 'malformed');
  const huge = encodeUtf8(`${'a'.repeat(NOTE_LIMITS.maxBytes - 10)}\n`);
  await expectCodeAsync(() => signNote(huge, [ours.signer]), CoreError, 'out-of-range');
});

test('signers that cannot sign', async () => {
  await expectCodeAsync(() => signNote(text, []), CoreError, 'out-of-range');
  const many = Array.from({ length: 101 }, (_, keyId) => ({ ...ours.signer, keyId }));
  await expectCodeAsync(() => signNote(text, many), CoreError, 'out-of-range');
  await expectCodeAsync(() => signNote(text, [ours.signer, ours.signer]), CoreError, 'mismatch');
  await expectCodeAsync(() => signNote(text, [{ ...ours.signer, name: 'a b' }]), CoreError, 'malformed');
  await expectCodeAsync(() => signNote(text, [{ ...ours.signer, keyId: -1 }]), CoreError, 'out-of-range');
  const silent = { ...ours.signer, sign: async () => new Uint8Array(0) };
  await expectCodeAsync(() => signNote(text, [silent]), CoreError, 'malformed');
  const failing = { ...ours.signer, sign: async () => Promise.reject(new Error('the key service is away')) };
  await expect(signNote(text, [failing])).rejects.toThrow('the key service is away');
});
