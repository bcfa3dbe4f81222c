import type { Proof } from '../../protocol/index.js';
import type { PointFault } from './backend.js';

/** A point of G1, affine: coordinates as plain decimals. */
export type AffineG1 = Proof['a'];
/** A point of G2, affine: each coordinate as [real, imaginary]. */
export type AffineG2 = Proof['b'];

type Fp2 = readonly [bigint, bigint];

/**
 * The protocol's modulus of the base field, written again, with a test that both are the same. A thread that only pairs
 * points starts in half the time without the rest of the protocol.
 */
export const MODULUS = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
/** The protocol's modulus of the scalar field, for the same reason. */
export const ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
/** y² = x³ + 3 (EIP-196). */
const B1 = 3n;
/** y² = x³ + 3/(9 + i), the twist (EIP-197). */
const B2: Fp2 = [
  19485874751759354771024239261021720505790618469301721065564631296452457478373n,
  266929791119991161246907387137283842545076965332900288569378510910307636690n,
];

/** The generator of G1 (EIP-196). */
export const GENERATOR_1: AffineG1 = ['1', '2'];
/** The generator of G2 (EIP-197). */
export const GENERATOR_2: AffineG2 = [
  [
    '10857046999023057135944570762232829481370756359578518086990519993285655852781',
    '11559732032986387107991004021392285783925812861821192530917403151452391805634',
  ],
  [
    '8495653923123431417604973247489272438418190587263600148770280649306958101930',
    '4082367875863433681332203403145435568316851327593401208105741076214120093531',
  ],
];
/** A point of the twist with x = i that is not in G2. */
export const OUTSIDE_SUBGROUP: AffineG2 = [
  ['0', '1'],
  [
    '16030832648161758264004549876281670301789752035901655478622495684390734237343',
    '18388737662781650394536484925627864106167267116893329563320683980901771000933',
  ],
];

/** What is wrong with a point of G1; on the curve is in the group, whose cofactor is 1. */
export function findG1Fault([xText, yText]: AffineG1): PointFault | undefined {
  const x = BigInt(xText);
  const y = BigInt(yText);
  if (x === 0n && y === 0n) return 'point-at-infinity';
  return (y * y - x * x * x - B1) % MODULUS === 0n ? undefined : 'point-not-on-curve';
}

/** What is wrong with a point of the twist, whether or not it is in the subgroup G2. */
export function findTwistFault([xTexts, yTexts]: AffineG2): PointFault | undefined {
  const x: Fp2 = [BigInt(xTexts[0]), BigInt(xTexts[1])];
  const y: Fp2 = [BigInt(yTexts[0]), BigInt(yTexts[1])];
  if ([...x, ...y].every((part) => part === 0n)) return 'point-at-infinity';
  const left = multiply(y, y);
  const cube = multiply(multiply(x, x), x);
  const isOnTwist = left.every((part, index) => (part - cube[index]! - B2[index]!) % MODULUS === 0n);
  return isOnTwist ? undefined : 'point-not-on-curve';
}

function multiply([a, b]: Fp2, [c, d]: Fp2): Fp2 {
  return [(a * c - b * d) % MODULUS, (a * d + b * c) % MODULUS];
}
