/** What goes wrong while reserves are captured and made. */
export type CaptureCode =
  /** The node does not answer, or answers with an error. */
  | 'rpc-failed'
  /** The node answers with something that is no answer. */
  | 'rpc-answer-malformed'
  /** The node has no block at or before the instant, or none after it yet. */
  | 'block-not-there'
  /** The fields that the node gives do not hash to the block: its header cannot be written. */
  | 'header-not-hashed'
  /** The node proves another state than that of the block. */
  | 'proof-of-other-state';

/** What is wrong with a file that is imported; each with its line. */
export type ImportCode =
  'columns-missing' | 'row-malformed' | 'wallet-not-asked' | 'signature-not-canonical' | 'signature-of-other';

/** What is wrong with the work that reserves are made from. */
export type WorkCode = 'work-malformed' | 'work-exists' | 'control-missing';
