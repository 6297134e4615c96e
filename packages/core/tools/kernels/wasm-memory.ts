// Where things lie in the linear memory of the WebAssembly kernel, in bytes. One message a lane, four lanes: a "row" is
// one 32-bit word of each lane, 16 bytes.

/** Bytes of a row. */
export const ROW = 16;
const PAGE = 65_536;

/** Message schedule W[0..63] of the current block, in rows. */
const SCHEDULE = 256;
/** The eight state words, in rows. */
const STATE = SCHEDULE + 64 * ROW;
/** Four digests of 32 bytes, on their way out. */
const DIGESTS = STATE + 8 * ROW;
/** What is known of each lane's leaf: 16 bytes a lane. */
const LANES = DIGESTS + 4 * 32;
/** The last one or two blocks of each lane's leaf, with padding: 128 bytes a lane. */
const TAILS = LANES + 4 * 16;
/** For each value of a node's last byte the message schedule of its second block: 64 words. */
const SECOND_BLOCKS = 4096;
const SECOND_BLOCK_SIZE = 64 * 4;
/** One {@link LEAF_RECORD} a leaf. */
const LEAF_LIST = SECOND_BLOCKS + 256 * SECOND_BLOCK_SIZE;
/** Address of the entry, its length, address for its hash, unused. */
const LEAF_RECORD = 16;
const MAX_LEAVES = 1024;
/** Hashes of leaves. */
const LEAF_OUTPUT = LEAF_LIST + MAX_LEAVES * LEAF_RECORD;
/** What the caller copies in. */
const INPUT = LEAF_OUTPUT + MAX_LEAVES * 32;
const PAGES = 6;
/** Kernels read whole groups of four nodes, and 16 bytes at once: so much past the input must exist. */
const SLACK = 256;

/** Round constants K, 4 bytes each, at the start of the memory. */
const ROUND_CONSTANTS = 0;

export const MEMORY = {
  ROUND_CONSTANTS,
  SCHEDULE,
  STATE,
  DIGESTS,
  LANES,
  TAILS,
  SECOND_BLOCKS,
  SECOND_BLOCK_SIZE,
  LEAF_LIST,
  LEAF_RECORD,
  MAX_LEAVES,
  LEAF_OUTPUT,
  INPUT,
  INPUT_SIZE: PAGES * PAGE - SLACK - INPUT,
  PAGES,
} as const;
