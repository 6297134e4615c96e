/**
 * What a signed note may be at most. The format asks for at least 16 signatures of a few kilobytes each; the bounds are
 * there so that a hostile note costs a bounded amount of work.
 */
export const NOTE_LIMITS = {
  /** Bytes of the whole note: text and signatures. */
  maxBytes: 1_048_576,
  /** Signature lines of a note. */
  maxSignatures: 100,
} as const;
