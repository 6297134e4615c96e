/** A part of a body: ASCII text from `asciiPiece`, or bytes to be written as padded standard base64. */
export type Piece = AsciiPiece | Uint8Array;

/** Constant text, ready to be copied. */
export interface AsciiPiece {
  readonly text: Uint8Array;
}

/** ASCII text as a piece. Made once for each text: what differs between entries is bytes. */
export function asciiPiece(text: string): AsciiPiece {
  return { text: Uint8Array.from(text, (char) => char.charCodeAt(0)) };
}

const ALPHABET = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (char) =>
  char.charCodeAt(0),
);
const PAD = 0x3d;

/** The pieces one after another. Straight to bytes: going by strings takes several times as long. */
export function writePieces(pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (const piece of pieces) {
    size += piece instanceof Uint8Array ? 4 * Math.ceil(piece.length / 3) : piece.text.length;
  }
  const output = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      at = writeBase64(output, at, piece);
    } else {
      output.set(piece.text, at);
      at += piece.text.length;
    }
  }
  return output;
}

function writeBase64(output: Uint8Array, start: number, bytes: Uint8Array): number {
  const { length } = bytes;
  const whole = length - (length % 3);
  let at = start;
  for (let i = 0; i < whole; i += 3) {
    const a = bytes[i] ?? 0;
    const b = bytes[i + 1] ?? 0;
    const c = bytes[i + 2] ?? 0;
    output[at] = ALPHABET[a >> 2] ?? 0;
    output[at + 1] = ALPHABET[((a & 3) << 4) | (b >> 4)] ?? 0;
    output[at + 2] = ALPHABET[((b & 15) << 2) | (c >> 6)] ?? 0;
    output[at + 3] = ALPHABET[c & 63] ?? 0;
    at += 4;
  }
  if (whole === length) return at;
  const a = bytes[whole] ?? 0;
  const b = bytes[whole + 1] ?? 0;
  output[at] = ALPHABET[a >> 2] ?? 0;
  output[at + 1] = ALPHABET[((a & 3) << 4) | (b >> 4)] ?? 0;
  output[at + 2] = length - whole === 1 ? PAD : (ALPHABET[(b & 15) << 2] ?? 0);
  output[at + 3] = PAD;
  return at + 4;
}
