// The format of a checkpoint a second time (signed-note, tlog-checkpoint), from its description and not from the code.

/** What is made of the bytes of a stored checkpoint. */
export const NOTE_VERDICTS = [
  'too long',
  'control bytes',
  'no newline at its end',
  'not UTF-8',
  'no signatures',
  'too many signatures',
  'a bad signature line',
  'a text that is too long',
  'fewer than three lines',
  'a bad size',
  'a size above 2^53-1',
  'a bad root',
  'an empty line or an overlong origin',
  'a checkpoint',
] as const;
export type NoteVerdict = (typeof NOTE_VERDICTS)[number];

const MOST_NOTE = 1_048_576;
const MOST_TEXT = 65_536;
const MOST_SIGNATURES = 100;

/** What the bytes of the file `checkpoint` are. */
export function judgeNote(bytes: Uint8Array): NoteVerdict {
  if (bytes.length > MOST_NOTE) return 'too long';
  if (bytes.some((byte) => byte < 32 && byte !== 10)) return 'control bytes';
  if (bytes[bytes.length - 1] !== 10) return 'no newline at its end';
  let note: string;
  try {
    note = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return 'not UTF-8';
  }
  const parts = note.split('\n\n');
  if (parts.length < 2) return 'no signatures';
  // Three newlines in a row: the last two are the empty line.
  const cut = note.lastIndexOf('\n\n');
  const signatures = note
    .slice(cut + 2)
    .split('\n')
    .slice(0, -1);
  if (signatures.length > MOST_SIGNATURES) return 'too many signatures';
  if (signatures.length === 0 || !signatures.every(isSignatureLine)) return 'a bad signature line';
  return judgeText(note.slice(0, cut + 1));
}

function judgeText(text: string): NoteVerdict {
  if (Buffer.byteLength(text) > MOST_TEXT) return 'a text that is too long';
  const lines = text.split('\n').slice(0, -1);
  const [origin, size, root] = lines;
  if (origin === undefined || size === undefined || root === undefined) return 'fewer than three lines';
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(size) || BigInt(size) > 2n ** 63n - 1n) return 'a bad size';
  if (BigInt(size) > 2n ** 53n - 1n) return 'a size above 2^53-1';
  if (!/^[^=]{43}=$/.test(root) || Buffer.from(root, 'base64').toString('base64') !== root) return 'a bad root';
  const bad = [origin, ...lines.slice(3)].some((line) => line === '') || Buffer.byteLength(origin) > 255;
  return bad ? 'an empty line or an overlong origin' : 'a checkpoint';
}

function isSignatureLine(line: string): boolean {
  const match = /^\u2014 (?<name>[^\p{White_Space}+]+) (?<base64>[A-Za-z0-9+/]*={0,2})$/u.exec(line);
  const text = match?.groups?.base64;
  if (text === undefined || text.length % 4 !== 0) return false;
  // Five bytes: the key's id, and a signature of at least one.
  return (text.length / 4) * 3 - (/=*$/.exec(text)?.[0].length ?? 0) >= 5;
}
