// The Unicode property, not \s: the two differ in U+0085 and U+FEFF.
const WHITE_SPACE_OR_PLUS = /[\p{White_Space}+]/u;

/**
 * Whether a text can name a key: not empty, no Unicode white space, no plus sign (signed-note, "Format"). Control
 * characters below U+0020 and lone surrogates are refused too: no note can carry them.
 */
export function isKeyName(text: string): boolean {
  if (text === '' || !text.isWellFormed() || WHITE_SPACE_OR_PLUS.test(text)) return false;
  return ![...text].some((character) => character < ' ');
}
