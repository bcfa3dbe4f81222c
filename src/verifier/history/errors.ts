import type { RotationCode } from '../../protocol/index.js';

/** What can be wrong with rotations and with a platform's history; all of class `verification`. */
export type HistoryCode =
  | RotationCode
  /** There is no manifest. */
  | 'history-empty'
  /** A manifest names another before it that is not there. */
  | 'history-gap'
  /** Two manifests name the same one before them, or two name none. */
  | 'history-forked'
  /** A snapshot is not later than the one that its manifest names. */
  | 'history-out-of-order'
  /** Two snapshots are nearer to each other than one of them says that two may be. */
  | 'history-too-close'
  /** Manifests of more than one platform. */
  | 'history-of-two-platforms'
  /** A manifest is not signed by the key that was the platform's at that place. */
  | 'history-signature-invalid'
  /** A rotation belongs nowhere in the history, or two belong in one place. */
  | 'rotation-unplaced'
  /** A rotation is of before the manifest that it follows, or of after the next one. */
  | 'rotation-out-of-order'
  /** Reserves beside a manifest are of another one, or of a second instant. */
  | 'history-reserves-of-other'
  /** Reserves name others before them that are not there. */
  | 'history-reserves-gap'
  /** Two accounts of reserves for one snapshot, or after the same one. */
  | 'history-reserves-forked'
  /** The history ends with another manifest, account of reserves, or key, than the caller expects. */
  | 'history-end-differs';
