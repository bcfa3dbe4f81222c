import { defineErrors, type RotationCode, type SolventError } from '../protocol/index.js';

/** What the verifier refuses beside its checks: whose move is next, and what to do. */
export const VERIFIER_ERRORS = {
  // Use.
  /** A file or directory is not there, is of another kind, or is closed to this account. */
  'file-unreadable': { class: 'usage' },
  /** The report cannot be written where it was asked for. */
  'file-unwritable': { class: 'usage', advice: 'name a file in a directory that is there and has room' },
  /** A text that is no hash of a manifest. */
  'manifest-hash-malformed': { class: 'usage' },
  /** An inclusion file was given, and not whose it is. */
  'user-missing': { class: 'usage' },
  /** A flag names a file that the command needs, and it was not given. */
  'file-missing': { class: 'usage' },
  /** Flags exclude each other. */
  'flags-conflict': { class: 'usage' },
  /** Neither a bundle nor a manifest was given. */
  'bundle-missing': { class: 'usage' },
  /** Where reserves of a second instant were asked for, there are those of the snapshot's own. */
  'second-instant-missing': { class: 'usage' },
  /** A node was named of a chain that the reserves have nothing of. */
  'node-not-needed': { class: 'usage' },
  /** A line of the keys of contributors that the reader knows is no key. */
  'signers-malformed': { class: 'usage' },
  /** There is a certificate at the path already. */
  'certificate-exists': { class: 'usage' },

  // Histories of manifests.
  /** There is no manifest. */
  'history-empty': { class: 'verification' },
  /** A manifest names another before it that is not there. */
  'history-gap': { class: 'verification' },
  /** Two manifests name the same one before them, or two name none. */
  'history-forked': { class: 'verification' },
  /** A snapshot is not later than the one that its manifest names. */
  'history-out-of-order': { class: 'verification' },
  /** Two snapshots are nearer to each other than one of them says that two may be. */
  'history-too-close': { class: 'verification' },
  /** There are manifests of more than one platform. */
  'history-of-two-platforms': { class: 'verification' },
  /** A manifest is not signed by the key that was the platform's at that time. */
  'history-signature-invalid': { class: 'verification' },
  /** Reserves beside a manifest are of another one, or of a second instant. */
  'history-reserves-of-other': { class: 'verification' },
  /** Reserves name others before them that are not there. */
  'history-reserves-gap': { class: 'verification' },
  /** There are two accounts of reserves for one snapshot, or after the same one. */
  'history-reserves-forked': { class: 'verification' },
  /** The history ends with another manifest, account of reserves, or key than the caller expects. */
  'history-end-differs': { class: 'verification' },
  /** A rotation belongs nowhere in the history, or two belong at one position. */
  'rotation-unplaced': { class: 'verification', advice: 'ask the platform which of its keys is which' },
  /** A rotation is of before the manifest that it follows, or of after the next one. */
  'rotation-out-of-order': { class: 'verification' },

  // Faults of the verifier.
  /** A thread of the verifier ended early. */
  'verifier-thread-failed': { class: 'invariant' },
  /** A check was not made. */
  'check-left-out': { class: 'invariant' },
  /** A check was made out of its order. */
  'check-out-of-plan': { class: 'invariant' },
  /** A signature got no answer. */
  'signers-left-out': { class: 'invariant' },
} as const;

export type VerifierCode = keyof typeof VERIFIER_ERRORS;

/** Why manifests are no history of one platform. */
export type HistoryCode =
  RotationCode | Extract<VerifierCode, `history-${string}`> | 'rotation-unplaced' | 'rotation-out-of-order';

/** Makes an error about how the verifier is used, about a history of manifests, or about the verifier itself. */
export const refuseUse = defineErrors(VERIFIER_ERRORS);

/** Makes an error about a history, whose two sides are in its details too. */
export function refuseHistory(
  code: Exclude<HistoryCode, RotationCode>,
  expected: string,
  found: string,
): SolventError<HistoryCode> {
  return refuseUse(code, { expected, found, details: { expected, found } });
}
