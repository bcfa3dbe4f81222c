import { bytesToHex } from '../../protocol/index.js';
import type { CircuitEvidence, ContributionPoints, Step } from '../../protocol/ceremony/index.js';
import { refuse } from '../failure.js';
import type { PairingBackend } from '../pairing/backend.js';
import { GENERATOR_1, type AffineG1, type AffineG2 } from '../pairing/curve.js';
import { ContributionHashes, deriveBeaconPoints } from './knowledge.js';

/** Draws the challenge of a contribution, a point of G2: some milliseconds. */
export type DrawChallenge = () => AffineG2;

/** Delta before anyone contributed. */
export const INITIAL_DELTA: AffineG1 = GENERATOR_1;

type Pairing = Pick<PairingBackend, 'haveSameRatio'>;

/**
 * Holds the contributions to one key to each other. They are those that the steps name. Each delta is the one before it
 * times a factor that its maker showed to know, or that the beacon gives. No delta comes back. Points must be points of
 * their groups.
 * @param circuitHash what every contribution binds, in hexadecimal.
 * @throws SolventError `ceremony-contribution-invalid`.
 */
export async function checkContributions(
  circuit: CircuitEvidence,
  { circuitHash, steps }: { readonly circuitHash: string; readonly steps: readonly Step[] },
  pairing: Pairing,
): Promise<void> {
  const challenges = checkContributionHashes(circuit, circuitHash, steps);
  const last = steps.at(-1);
  const beaconPoints =
    last?.kind === 'beacon' ? deriveBeaconPoints(last.value, last.iterationsExponent) : undefined;
  await checkContributionProofs(circuit, { steps, challenges, beaconPoints }, pairing);
}

/**
 * The points are those that the steps name. Returns what draws the challenge of each contribution.
 * @throws SolventError `ceremony-contribution-invalid`.
 */
export function checkContributionHashes(
  { circuit, initialDelta, contributions }: CircuitEvidence,
  circuitHash: string,
  steps: readonly Step[],
): readonly DrawChallenge[] {
  if (initialDelta.join() !== INITIAL_DELTA.join()) {
    throw invalid({ circuit, position: 1 }, 'the generator before it');
  }
  const hashes = new ContributionHashes(circuitHash);
  // A point and its opposite have one x: a delta of minus gamma is as good to a forger as gamma itself.
  const seen = new Set([initialDelta[0]]);
  return contributions.map((points, index) => {
    const where = { circuit, position: index + 1 };
    const { drawChallenge, contributionHash } = hashes.add(points);
    const stated = steps[index]!.keys.find((key) => key.circuit === circuit);
    if (stated?.contributionHash !== bytesToHex(contributionHash)) {
      throw invalid(where, 'the points that the transcript names');
    }
    if (seen.has(points.delta[0])) throw invalid(where, 'a new delta', 'one from before');
    seen.add(points.delta[0]);
    return drawChallenge;
  });
}

type ProofContext = {
  readonly steps: readonly Step[];
  readonly challenges: readonly DrawChallenge[];
  /** What the contribution of a beacon must show; undefined where there is none. */
  readonly beaconPoints: Pick<ContributionPoints, 's' | 'sx'> | undefined;
};

/**
 * Each delta is that before it times a factor that the maker of the contribution showed to know, or that the beacon gives.
 * @throws SolventError `ceremony-contribution-invalid`.
 */
export async function checkContributionProofs(
  { circuit, initialDelta, contributions }: CircuitEvidence,
  { steps, challenges, beaconPoints }: ProofContext,
  pairing: Pairing,
): Promise<void> {
  let before: AffineG1 = initialDelta;
  for (const [index, { delta, s, sx, spx }] of contributions.entries()) {
    const where = { circuit, position: index + 1 };
    const isBeacon = steps[index]!.kind === 'beacon';
    if (isBeacon && (s.join() !== beaconPoints?.s.join() || sx.join() !== beaconPoints.sx.join())) {
      throw invalid(where, 'the points that follow from the value of the beacon');
    }
    const base = challenges[index]!();
    const ratios = [
      { from: s, to: sx, base, multiple: spx },
      { from: before, to: delta, base, multiple: spx },
    ];
    if (!(await pairing.haveSameRatio(ratios))) {
      throw invalid(where, 'a proof that its maker knew its factor');
    }
    before = delta;
  }
}

function invalid(
  { circuit, position }: { readonly circuit: string; readonly position: number },
  expected: string,
  found = 'another',
) {
  return refuse(
    'ceremony-contribution-invalid',
    `expected contribution ${position} to ${circuit} to have ${expected}, got ${found}`,
  );
}
