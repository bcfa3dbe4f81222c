/** Times that one proof is tried: a worker may die of want of memory, but not of the same proof for ever. */
export const MAX_PROOF_ATTEMPTS = 3;
/** Worker threads of one run. */
export const MAX_WORKERS = 256;
/** Bytes of a stored proof: up to 1,024 public signals of 80 bytes and three points. */
export const MAX_STORED_PROOF_BYTES = 96 * 1024;
/** Bytes of the file that pins a run to its inputs. */
export const MAX_PIN_BYTES = 64 * 1024;
/** Batches that inclusion files are made from at once, a third of a megabyte each: a million users or so. */
export const MAX_OPENED_BATCHES = 1024;
