import { MAX_PUBLISHED_BYTES } from '../protocol/index.js';

/** Proofs of one bundle: more than a hundred million accounts need, and some 300 MB of them. */
export const MAX_BUNDLE_PROOFS = 1 << 18;
/** Proofs that one pairing check combines; the points of a check are on the stack of the WebAssembly module. */
export const MAX_COMBINED_PROOFS = 256;
/** Faulty proofs that are searched for and named; a bundle with one is refused as much as a bundle with many. */
export const MAX_NAMED_FAULTS = 8;
/** Bytes of a file that are read whole: a longer one is cut to this, which is more than the largest with its line feed. */
export const MAX_WHOLE_FILE_BYTES = MAX_PUBLISHED_BYTES + 2;
/** Bytes of a log's proof: a path of 63 hashes, a checkpoint, and some hundreds of cosignatures. */
export const MAX_LOG_PROOF_BYTES = 64 * 1024;
/** Clocks of readers and platforms differ: an instant so far after the reader's now is none of their future yet. */
export const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;
/** Groups of rows that are remembered as opened, at a hundred bytes or so each: those of twenty million rows. */
export const MAX_REMEMBERED_GROUPS = 1 << 18;
/** Inclusion files that a thread is given at a time. */
export const FILES_PER_SHARE = 64;
