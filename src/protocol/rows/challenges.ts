import { concatBytes, hashLabelled, int248 } from '../bytes.js';
import { refuseProtocol } from '../errors.js';
import type { FieldElement } from '../field.js';
import { encodeUint, fixedBytes } from '../encoding.js';
import { POINT_BYTES } from './points.js';

/** The challenges of a run. Each is below 2^248; gamma and rho are not 0, and x is at least 2^34. */
export type Challenges = {
  /** Weighs the rows of the run in the check of cover; fixed by the manifest alone. */
  readonly gamma: FieldElement;
  /** Where the sums are compared; fixed by the manifest and the weighted totals. */
  readonly x: FieldElement;
  /** Combines the rows of a group; fixed by the manifest and the weighted totals. */
  readonly rho: FieldElement;
};

export type ChallengeCode = 'challenge-zero';

/** Codes are below 2^33, so that x can hit neither a code nor its neighbourhood. */
const MIN_SUM_POINT = 1n << 34n;

/**
 * h = sha("solvent/manifest/v2", canonical JSON): 32 bytes that every challenge follows from.
 * @param manifestJson the manifest's canonical JSON without its line feed.
 */
export function hashManifestJson(manifestJson: Uint8Array): Uint8Array {
  return hashLabelled('solvent/manifest/v2', manifestJson);
}

/** commitmentsHash = sha("solvent/commitments/v2", bytes of commitments.ndjson): 32 bytes. */
export function hashCommitments(commitmentLines: Uint8Array): Uint8Array {
  return hashLabelled('solvent/commitments/v2', commitmentLines);
}

/**
 * gamma = int248(sha("solvent/gamma/v2", h)).
 * @throws SolventError `challenge-zero`.
 */
export function deriveRowChallenge(manifestHash: Uint8Array): FieldElement {
  const gamma = int248(hashLabelled('solvent/gamma/v2', fixedBytes(manifestHash, 32)));
  assertChallenges({ gamma });
  return gamma;
}

/**
 * weightsHash = sha("solvent/weights/v2", h ‖ be_4(number of points) ‖ the points): 32 bytes.
 * @param weightPoints the 32 bytes of each of the 2A + 1 points, in order; none where the manifest names no margin circuit.
 */
export function hashWeights(manifestHash: Uint8Array, weightPoints: readonly Uint8Array[]): Uint8Array {
  return hashLabelled(
    'solvent/weights/v2',
    concatBytes(
      fixedBytes(manifestHash, 32),
      encodeUint(weightPoints.length, 4),
      ...weightPoints.map((point) => fixedBytes(point, POINT_BYTES)),
    ),
  );
}

/**
 * x = int248(sha("solvent/x/v2", weightsHash)) and rho = int248(sha("solvent/rho/v2", weightsHash)).
 * @throws SolventError `challenge-zero` where x < 2^34 or rho = 0.
 */
export function deriveSumPoint(weightsHash: Uint8Array): Pick<Challenges, 'x' | 'rho'> {
  const hash = fixedBytes(weightsHash, 32);
  const made = {
    x: int248(hashLabelled('solvent/x/v2', hash)),
    rho: int248(hashLabelled('solvent/rho/v2', hash)),
  };
  assertChallenges(made);
  return made;
}

/**
 * All challenges of a run, from the bytes that were read and from nothing else.
 * @throws SolventError `challenge-zero`.
 */
export function deriveChallenges(manifestHash: Uint8Array, weightPoints: readonly Uint8Array[]): Challenges {
  return {
    gamma: deriveRowChallenge(manifestHash),
    ...deriveSumPoint(hashWeights(manifestHash, weightPoints)),
  };
}

/**
 * That challenges are none of those that would void a check: gamma = 0, rho = 0, x < 2^34. A hash comes to one of these
 * once in 2^214 times.
 * @throws SolventError `challenge-zero`.
 */
export function assertChallenges({ gamma, x, rho }: Partial<Challenges>): void {
  if (gamma !== 0n && rho !== 0n && (x === undefined || x >= MIN_SUM_POINT)) return;
  throw refuseProtocol('challenge-zero', {
    expected: 'challenges other than 0 and a point x of at least 2^34',
    found: 'another',
  });
}
