import { layOutZkey, POINT_BYTES, type Group, type R1cs, type ZkeyFrame } from '../../iden3/index.js';

/** Consecutive points of a key that are consecutive scalars times a generator. */
export type PointRun = {
  readonly group: Group;
  /** Index of the first scalar. */
  readonly firstScalar: number;
  readonly count: number;
  /** Where in the file the first point stands. */
  readonly offset: number;
};

/** Where the scalars stand that a key's points are made from; indices of 32-byte elements. */
export type ScalarLayout = {
  readonly alpha: number;
  readonly beta: number;
  readonly one: number;
  readonly delta: number;
  /** One scalar a wire, three times: A, B, and (beta·A + alpha·B + C) over gamma or delta. */
  readonly a: number;
  readonly b: number;
  readonly k: number;
  /** One scalar a row of the domain. */
  readonly h: number;
  readonly count: number;
};

/** A development key, whose every size follows from the circuit but that of its coefficients. */
export type KeyLayout = Pick<ZkeyFrame, 'fixed' | 'coefficientsOffset'> & {
  /** Rows of the QAP: a power of two. */
  readonly domainSize: number;
  readonly scalars: ScalarLayout;
  readonly runs: readonly PointRun[];
};

const MARK = 'solvent: insecure development key, its trapdoor was known once.';

/**
 * Lays out the key of a circuit. It lists no contribution, and where a ceremony has the hash of its circuit it says
 * what this key is: `snarkjs zkey verify` refuses it.
 */
export function layOutKey(r1cs: R1cs): KeyLayout {
  const { wireCount } = r1cs;
  const publicCount = countPublicSignals(r1cs);
  const domainSize = domainSizeOf(r1cs);
  const scalars = layOutScalars(wireCount, domainSize);
  const { fixed, offsets, coefficientsOffset } = layOutZkey({ wireCount, publicCount, domainSize }, MARK);
  const k = scalars.k + publicCount + 1;
  let headerOffset = offsets.header;
  const headerRun = (group: Group, firstScalar: number, count: number): PointRun => {
    const offset = headerOffset;
    headerOffset += count * POINT_BYTES[group];
    return { group, firstScalar, count, offset };
  };
  const runs: readonly PointRun[] = [
    // alpha and beta in the first group, beta and gamma, which is 1, in the second, delta in both.
    headerRun('G1', scalars.alpha, 2),
    headerRun('G2', scalars.beta, 2),
    headerRun('G1', scalars.delta, 1),
    headerRun('G2', scalars.delta, 1),
    { group: 'G1', firstScalar: scalars.k, count: publicCount + 1, offset: offsets.ic },
    { group: 'G1', firstScalar: scalars.a, count: wireCount, offset: offsets.pointsA },
    { group: 'G1', firstScalar: scalars.b, count: wireCount, offset: offsets.pointsB1 },
    { group: 'G2', firstScalar: scalars.b, count: wireCount, offset: offsets.pointsB2 },
    { group: 'G1', firstScalar: k, count: wireCount - publicCount - 1, offset: offsets.pointsC },
    { group: 'G1', firstScalar: scalars.h, count: domainSize, offset: offsets.pointsH },
  ];
  return { domainSize, scalars, runs, fixed, coefficientsOffset };
}

/** Public outputs and inputs; without the constant. */
export function countPublicSignals({
  publicOutputCount,
  publicInputCount,
}: Pick<R1cs, 'publicOutputCount' | 'publicInputCount'>): number {
  return publicOutputCount + publicInputCount;
}

/** The least power of two that holds one row a constraint, and one for each public signal and the constant. */
export function domainSizeOf(
  circuit: Pick<R1cs, 'constraintCount' | 'publicOutputCount' | 'publicInputCount'>,
): number {
  return 2 ** Math.ceil(Math.log2(circuit.constraintCount + countPublicSignals(circuit) + 1));
}

/** alpha next to beta and beta next to one, so that two neighbours in the header are two neighbours here. */
function layOutScalars(wireCount: number, domainSize: number): ScalarLayout {
  const a = 4;
  const b = a + wireCount;
  const k = b + wireCount;
  const h = k + wireCount;
  return { alpha: 0, beta: 1, one: 2, delta: 3, a, b, k, h, count: h + domainSize };
}
