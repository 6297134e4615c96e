/** Longest text, and most bytes, that are decoded in one call: 64 Mi, more than any format here holds. */
export const MAX_DECODED: number = 64 * 1024 * 1024;
