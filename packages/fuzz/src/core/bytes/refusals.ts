import { type Refusal, refusal, without } from '../kit/refusal.ts';

/** What `decodeBase64` refuses. */
export const BASE64_REFUSALS: readonly Refusal[] = [
  refusal('base64: too long', 'malformed', 'base64 text has at most 67108864 characters'),
  refusal('base64: length', 'malformed', 'base64 text has a multiple of four characters, with padding'),
  refusal('base64: alphabet', 'malformed', 'character \\d+ is not of the standard base64 alphabet'),
  refusal('base64: unused bits', 'malformed', 'this base64 is not canonical: the unused bits .* must be zero'),
];

/** What it refuses of texts that have a cap of their own. */
export const SHORT_BASE64_REFUSALS: readonly Refusal[] = without(BASE64_REFUSALS, 'base64: too long');

/** What of the line of a hash is refused. */
export const HASH_REFUSALS: readonly Refusal[] = [
  ...SHORT_BASE64_REFUSALS,
  refusal('a hash of another length', 'malformed', 'a hash has 32 bytes, this value has \\d+'),
];

/** What `decodeHex` refuses. */
export const HEX_REFUSALS: readonly Refusal[] = [
  refusal('hex: too long', 'malformed', 'hexadecimal text has at most 67108864 characters'),
  refusal('hex: odd', 'malformed', 'hexadecimal text has an even number of digits'),
  refusal('hex: alphabet', 'malformed', 'character \\d+ is not a lowercase hexadecimal digit'),
];

/** What `decodeUtf8` refuses of bytes that have a cap of their own. */
export const UTF8_REFUSAL: Refusal = refusal(
  'not UTF-8',
  'malformed',
  'the bytes are not valid UTF-8 from byte \\d+ on',
);

/** What decimals of 0 … 2^63-1 are refused for. */
export const DECIMAL64_REFUSALS: readonly Refusal[] = [
  refusal('decimal: too long', 'malformed', 'a decimal has at most 19 digits, this text has \\d+ characters'),
  refusal('decimal: form', 'malformed', 'a decimal is 0, or digits without sign, space or leading zero'),
  refusal('decimal: above 2^63-1', 'malformed', '\\d{19} is above 2\\^63-1'),
];

/** What decimals of 0 … 2^53-1 are refused for. */
export const DECIMAL_REFUSALS: readonly Refusal[] = [
  ...DECIMAL64_REFUSALS,
  refusal(
    'decimal: above 2^53-1',
    'size-unsupported',
    '\\d{16,19} is above 2\\^53-1, the largest number supported here',
  ),
];
