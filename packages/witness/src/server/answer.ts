import { encodeUtf8 } from '@tilewright/core/bytes';

/** What is answered to a request, whatever carries it. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Content type of everything that a witness answers but sizes: signature lines, notes, reasons. */
export const TEXT = 'text/plain; charset=utf-8';

/** Signature lines or a note, with their last newline. */
export function textAnswer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, contentType: TEXT, body: encodeUtf8(text), headers };
}

/** Why something was refused: a sentence on a line. */
export function refusal(status: number, reason: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return textAnswer(status, `${reason}\n`, headers);
}
