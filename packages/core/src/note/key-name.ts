// The Unicode property, not \s: the two differ in U+0085 and U+FEFF.
const WHITE_SPACE_OR_PLUS = /[\p{White_Space}+]/u;

/** What a key name has to be, for messages. */
export const KEY_NAME_RULE =
  'a key name is not empty and has no Unicode white space, plus sign or control character below U+0020';

/**
 * Whether a text can name a key: not empty, no Unicode white space, no plus sign (signed-note, "Format"). Control
 * characters below U+0020 and lone surrogates are refused too: no note can carry them.
 */
export function isKeyName(text: string): boolean {
  return text !== '' && text.isWellFormed() && !WHITE_SPACE_OR_PLUS.test(text) && !hasControl(text);
}

/** Whether a text has a character below U+0020, which no line of a note can hold. */
export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) < 0x20) return true;
  }
  return false;
}
