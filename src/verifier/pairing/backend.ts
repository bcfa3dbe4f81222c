import type { FieldElement, Proof, VerificationKey } from '../../protocol/index.js';

/** A proof with the public signals that the verifier itself made for it. */
export type ProofClaim = {
  /** Which of the keys, from 0. */
  readonly keyIndex: number;
  /** One less than the key's `ic` has points. */
  readonly publicSignals: readonly FieldElement[];
  readonly proof: Proof;
};

/** What is wrong with a point. */
export type PointFault = 'point-at-infinity' | 'point-not-on-curve' | 'point-not-in-subgroup';

/** A claim that does not hold: its index among the claims, and why. */
export type ProofFault = { readonly claimIndex: number; readonly kind: PointFault | 'equation' };

/** A point of a key that is not one: `beta`, `ic.1` and so on. */
export type KeyFault = { readonly point: string; readonly kind: PointFault };

/** The claim that `to` is as many times `from` as `multiple` is times `base`. */
export type SameRatio = {
  readonly from: Proof['a'];
  readonly to: Proof['a'];
  readonly base: Proof['b'];
  readonly multiple: Proof['b'];
};

/**
 * Pairings over BN254. Keys and proofs are parsed: coordinates are plain decimals below the base field's modulus.
 */
export type PairingBackend = {
  /** The first point of a key that is at infinity, off its curve or outside the prime-order subgroup. */
  readonly inspectKey: (key: VerificationKey) => Promise<KeyFault | undefined>;
  /**
   * Whether every one of these ratios holds. False where a point is at infinity, off its curve, or outside the prime-order
   * subgroup.
   */
  readonly haveSameRatio: (ratios: readonly SameRatio[]) => Promise<boolean>;
  /**
   * Whether points of the curve, times scalars below r, add up to infinity.
   * @param points as many as scalars, none at infinity; their coordinates are not checked again.
   */
  readonly isSumZero: (points: readonly Proof['a'][], scalars: readonly FieldElement[]) => Promise<boolean>;
  /**
   * The claims that do not hold, all of them or the first few; none where all hold. Keys must have passed
   * `inspectKey`.
   * @param onProgress called with the number of claims that were looked at so far.
   * @throws where it cannot tell: never an empty list for want of an answer.
   */
  readonly verifyProofs: (
    keys: readonly VerificationKey[],
    claims: readonly ProofClaim[],
    onProgress?: (done: number) => void,
  ) => Promise<readonly ProofFault[]>;
};
