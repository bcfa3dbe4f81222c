import mcl, { type G1, type G2 } from 'mcl-wasm';

import {
  FIELD_MODULUS,
  hashLabelled,
  int248,
  utf8ToBytes,
  type FieldElement,
  type Proof,
  type VerificationKey,
} from '../../src/protocol/index.js';

/** A verification key whose trapdoor is known, and so proves anything. */
export type SimulatedKey = {
  readonly key: VerificationKey;
  /** A proof that the key accepts for these public signals, without any witness; a new one for each `label`. */
  readonly prove: (publicSignals: readonly FieldElement[], label: string) => Proof;
};

const GENERATOR_1 = '1 1 2';
/** EIP-197. */
const GENERATOR_2 =
  '1 10857046999023057135944570762232829481370756359578518086990519993285655852781 11559732032986387107991004021392285783925812861821192530917403151452391805634 8495653923123431417604973247489272438418190587263600148770280649306958101930 4082367875863433681332203403145435568316851327593401208105741076214120093531';

/** Starts the curve library that keys are simulated with. */
export async function startSimulation(): Promise<void> {
  await mcl.init(mcl.BN_SNARK1);
}

/**
 * A key with the trapdoor that a seed gives. It stands for a development key in tests and benchmarks of the
 * verifier, to which a simulated proof and a real one are the same thing.
 * @param fixed what a ceremony fixes of it: gamma is 1 there, and delta the product of all factors.
 */
export function simulateKey(
  seed: string,
  signalCount: number,
  fixed: { readonly gamma?: bigint; readonly delta?: bigint } = {},
): SimulatedKey {
  const scalar = (label: string) =>
    int248(hashLabelled('solvent/simulated-key/v1', utf8ToBytes(`${seed} ${label}`)));
  const [alpha, beta] = [scalar('alpha'), scalar('beta')];
  const { gamma = scalar('gamma'), delta = scalar('delta') } = fixed;
  const ic = Array.from({ length: signalCount + 1 }, (_, index) => scalar(`ic ${index}`) as bigint);
  const key: VerificationKey = {
    alpha: toAffine1(alpha),
    beta: toAffine2(beta),
    gamma: toAffine2(gamma),
    delta: toAffine2(delta),
    ic: ic.map(toAffine1),
  };
  const prove = (publicSignals: readonly FieldElement[], label: string): Proof => {
    const a = scalar(`a ${label} ${publicSignals.join(' ')}`);
    const b = scalar(`b ${label} ${publicSignals.join(' ')}`);
    const publics = publicSignals.reduce<bigint>(
      (sum, signal, index) => sum + signal * ic[index + 1]!,
      ic[0]!,
    );
    const c = reduce((a * b - alpha * beta - publics * gamma) * invertScalar(delta));
    return { a: toAffine1(a), b: toAffine2(b), c: toAffine1(c) };
  };
  return { key, prove };
}

/** `scalar` times the generator of G1, affine. */
export function toAffine1(scalar: bigint): Proof['a'] {
  const generator = new mcl.G1();
  generator.setStr(GENERATOR_1, 10);
  return spell1(mcl.mul(generator, toFr(scalar)));
}

/** `scalar` times the generator of G2, affine. */
export function toAffine2(scalar: bigint): Proof['b'] {
  const generator = new mcl.G2();
  generator.setStr(GENERATOR_2, 10);
  return spell2(mcl.mul(generator, toFr(scalar)));
}

/** A point of G1 in plain decimals. */
export function spell1(point: G1): Proof['a'] {
  const affine = mcl.normalize(point);
  return [affine.getX().getStr(10), affine.getY().getStr(10)];
}

/** A point of G2 in plain decimals. */
export function spell2(point: G2): Proof['b'] {
  const affine = mcl.normalize(point);
  const [x, y] = [affine.getX(), affine.getY()];
  return [
    [x.get_a().getStr(10), x.get_b().getStr(10)],
    [y.get_a().getStr(10), y.get_b().getStr(10)],
  ];
}

function toFr(value: bigint) {
  const element = new mcl.Fr();
  element.setStr(reduce(value).toString(), 10);
  return element;
}

function reduce(value: bigint): bigint {
  const rest = value % FIELD_MODULUS;
  return rest < 0n ? rest + FIELD_MODULUS : rest;
}

/** The inverse of a scalar other than 0, by Fermat: the modulus is prime. */
export function invertScalar(value: bigint): bigint {
  let result = 1n;
  let base = reduce(value);
  for (let exponent = FIELD_MODULUS - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % FIELD_MODULUS;
    base = (base * base) % FIELD_MODULUS;
  }
  return result;
}
