import { defineErrors } from '../protocol/index.js';

/** What can go wrong while reserves are captured, imported and made: whose move is next, and what to do. */
export const RESERVES_ERRORS = {
  // Nodes.
  /** The node does not answer, or answers with an error. */
  'rpc-failed': {
    class: 'usage',
    advice: 'look whether the node runs and keeps the state of that block',
  },
  /** The node answers with something that is no answer. */
  'rpc-answer-malformed': { class: 'source', advice: 'use another node' },
  /** No node was named for a chain. */
  'rpc-missing': { class: 'usage' },
  /** The node is of another chain than the one that it was named for. */
  'node-of-other-chain': { class: 'usage' },
  /** The node has no block at or before the instant, or none after it yet. */
  'block-not-there': { class: 'source' },
  /** The fields that the node gives do not hash to the block: its header cannot be written. */
  'header-not-hashed': { class: 'source', advice: 'use a node that answers debug_getRawHeader' },
  /** The node proves another state than that of the block. */
  'proof-of-other-state': { class: 'source', advice: 'use a node that keeps the state of that block' },
  /** A chain that the list of reviewed contracts does not have, so that its coin is of no asset. */
  'chain-not-reviewed': { class: 'usage', advice: 'name a list with --from' },

  /** A Bitcoin node has no such unspent output, or it was made after the instant, or has no address. */
  'output-not-unspent': {
    class: 'source',
    advice: 'name outputs that were there at the instant and have not moved yet; capture them before they do',
  },

  /** The round of the beacon that draws the second instant is not there, or another is. */
  'beacon-missing': { class: 'usage' },

  // Files that are imported, each with its line.
  /** A CSV file's header lacks a column, or has one twice. */
  'columns-missing': { class: 'source' },
  /** A row, or a whole file, is not of its form. */
  'row-malformed': { class: 'source', advice: 'correct it; nothing was taken' },
  /** A row is of a wallet that nobody was asked to sign for. */
  'wallet-not-asked': {
    class: 'source',
    advice: 'compare it with requests.csv of solvent reserves sign-request; nothing was taken',
  },
  /** A transaction or PSBT is of no message that anyone was asked to sign. */
  'transaction-not-asked': {
    class: 'source',
    advice:
      'sign a message of requests.csv by BIP-322 or BIP-127; a spend that carries the challenge is taken by solvent reserves spends once it is in a block',
  },
  /** A PSBT has no final signatures yet. */
  'psbt-not-final': {
    class: 'source',
    advice: 'finalize it in the wallet that signed it; nothing was taken',
  },
  /** A signature is of another key, or over another message. */
  'signature-of-other': {
    class: 'source',
    advice: 'sign the text of solvent reserves sign-request as it is; nothing was taken',
  },

  // The work between the instant and the publication.
  /** The parts of the work do not belong together. */
  'work-malformed': { class: 'artefact', advice: 'make the work again' },
  /** A wallet is claimed, and nobody has signed for it. */
  'control-missing': {
    class: 'usage',
    advice: 'import them, or publish these as stated with --unsigned-as-stated',
  },
} as const;

/** Makes an error about reserves that are being made. */
export const refuseMaking = defineErrors(RESERVES_ERRORS);

/** Makes an error about a line of a file that is imported. */
export function refuseLine(
  code: 'row-malformed' | 'wallet-not-asked' | 'signature-of-other',
  line: number,
  { expected, found = 'another' }: { readonly expected: string; readonly found?: string },
) {
  return refuseMaking(code, { expected: `${expected} at line ${line}`, found, details: { line } });
}
