import { bn254 } from '@noble/curves/bn254.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  addField,
  BASE_FIELD_MODULUS,
  combinePoints,
  FIELD_MODULUS,
  hashToPoint,
  invertField,
  MAX_PUBLIC_SIGNALS,
  multiplyField,
  negateField,
  ONE,
  parseFieldElement,
  reduceField,
  sumField,
  ZERO,
  type CurvePoint,
  type FieldElement,
  type Proof,
  type VerificationKey,
} from '../../src/protocol/index.js';
import { createPairing, type ProofClaim } from '../../src/verifier/index.js';
import { MAX_COMBINED_PROOFS, MAX_NAMED_FAULTS } from '../../src/verifier/limits.js';
import {
  MODULUS,
  ORDER,
  findG1Fault,
  findTwistFault,
  OUTSIDE_SUBGROUP,
} from '../../src/verifier/pairing/curve.js';
import {
  simulateKey,
  startSimulation,
  toAffine1,
  toAffine2,
} from '../../conformance/adversary/simulated-key.js';
import { forgeableKey, forgeWithEqualDelta } from '../../conformance/adversary/keys.js';

await startSimulation();
const pairing = await createPairing();
const simulated = [simulateKey('one', 1), simulateKey('two', 2)];
const keys = simulated.map(({ key }) => key);

/** True claims under both keys. */
function makeClaims(count: number): ProofClaim[] {
  return Array.from({ length: count }, (_, index) => {
    const keyIndex = index % 2;
    const publicSignals = [String(index), '5'].slice(0, keyIndex + 1).map(parseFieldElement);
    return { keyIndex, publicSignals, proof: simulated[keyIndex]!.prove(publicSignals, String(index)) };
  });
}

const CLAIMS = makeClaims(12);

/** The readable twin: one pairing product a proof, by another library. */
function holdsByNoble(
  { alpha, beta, gamma, delta, ic }: VerificationKey,
  { publicSignals, proof }: ProofClaim,
): boolean {
  const { G1, G2, fields } = bn254;
  const g1 = ([x, y]: Proof['a']) => G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) });
  const fp2 = ([c0, c1]: Proof['a']) => ({ c0: BigInt(c0), c1: BigInt(c1) });
  const g2 = ([x, y]: Proof['b']) => G2.Point.fromAffine({ x: fp2(x), y: fp2(y) });
  const publics = publicSignals.reduce(
    (sum, signal, index) => sum.add(g1(ic[index + 1]!).multiplyUnsafe(signal)),
    g1(ic[0]!),
  );
  const product = bn254.pairingBatch([
    { g1: g1(proof.a).negate(), g2: g2(proof.b) },
    { g1: g1(alpha), g2: g2(beta) },
    { g1: publics, g2: g2(gamma) },
    { g1: g1(proof.c), g2: g2(delta) },
  ]);
  return fields.Fp12.eql(product, fields.Fp12.ONE);
}

describe('verifying proofs together', () => {
  it.each([-1n, FIELD_MODULUS])('takes no public signal of %s, and does not reduce it', async (signal) => {
    const [claim] = CLAIMS as [ProofClaim];
    const publicSignals = [signal as FieldElement];
    await expect(pairing.verifyProofs(keys, [{ ...claim, publicSignals }])).rejects.toThrow('below r');
  });

  it('finds no fault in true proofs under several keys', async () => {
    expect(await pairing.verifyProofs(keys, CLAIMS)).toEqual([]);
    expect(await pairing.verifyProofs(keys, [])).toEqual([]);
  });

  it('agrees with another library on true and false proofs', async () => {
    for (const claim of [CLAIMS[0]!, CLAIMS[1]!, lieAbout(CLAIMS[0]!), lieAbout(CLAIMS[1]!)]) {
      const faults = await pairing.verifyProofs(keys, [claim]);
      expect(faults.length === 0).toBe(holdsByNoble(keys[claim.keyIndex]!, claim));
    }
    expect(holdsByNoble(keys[0]!, CLAIMS[0]!)).toBe(true);
    expect(holdsByNoble(keys[0]!, lieAbout(CLAIMS[0]!))).toBe(false);
  });

  it('names exactly the false ones among true ones', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(
          CLAIMS.map((_, index) => index),
          { minLength: 1, maxLength: 4 },
        ),
        async (lies) => {
          const claims = CLAIMS.map((claim, index) => (lies.includes(index) ? lieAbout(claim) : claim));
          const faults = await pairing.verifyProofs(keys, claims);
          expect(faults).toEqual(lies.map((claimIndex) => ({ claimIndex, kind: 'equation' })));
        },
      ),
      { seed: 7, numRuns: 8 },
    );
  });

  it('finds a false proof beyond the first group of proofs', async () => {
    const many = Array.from({ length: MAX_COMBINED_PROOFS + 3 }, (_, index) => CLAIMS[index % 2]!);
    const last = many.length - 1;
    expect(await pairing.verifyProofs(keys, many)).toEqual([]);
    expect(await pairing.verifyProofs(keys, many.with(last, lieAbout(many[last]!)))).toEqual([
      { claimIndex: last, kind: 'equation' },
    ]);
  });

  it('stops looking after enough false ones', async () => {
    const faults = await pairing.verifyProofs(keys, CLAIMS.map(lieAbout));
    expect(faults).toHaveLength(MAX_NAMED_FAULTS);
  });

  it('sees faults that cancel in a sum without random factors', async () => {
    const [first, , third] = CLAIMS as [ProofClaim, ProofClaim, ProofClaim];
    const swapped = [
      { ...first, proof: { ...first.proof, c: third.proof.c } },
      { ...third, proof: { ...third.proof, c: first.proof.c } },
    ];
    const faults = await pairing.verifyProofs(keys, swapped);
    expect(faults.map(({ claimIndex }) => claimIndex)).toEqual([0, 1]);
  });

  it('tells a public signal from another, and the same proof under another key', async () => {
    const claim = CLAIMS[1]!;
    const swapped = { ...claim, publicSignals: claim.publicSignals.toReversed() };
    expect(await pairing.verifyProofs(keys, [swapped])).toHaveLength(1);
    const other = simulateKey('three', 2).key;
    expect(await pairing.verifyProofs([keys[0]!, other], [claim])).toHaveLength(1);
  });

  it('is sound under a key of as many signals as any circuit has', async () => {
    const large = simulateKey('large', MAX_PUBLIC_SIGNALS);
    const publicSignals = Array.from({ length: MAX_PUBLIC_SIGNALS }, (_, index) =>
      parseFieldElement(String(index + 1)),
    );
    const proof = large.prove(publicSignals, 'large');
    const claims = [
      { keyIndex: 0, publicSignals, proof },
      { keyIndex: 0, publicSignals: publicSignals.with(-1, parseFieldElement('0')), proof },
    ];
    expect(await pairing.inspectKey(large.key)).toBeUndefined();
    expect(await pairing.verifyProofs([large.key], claims)).toEqual([{ claimIndex: 1, kind: 'equation' }]);
  });

  it('rejects, rather than answers, where signals are more or fewer than the key has', async () => {
    const claim = { ...CLAIMS[0]!, publicSignals: [] };
    await expect(pairing.verifyProofs(keys, [claim])).rejects.toMatchObject({ code: 'pairing-unusable' });
  });

  it('accepts a proof that was made anew from a true one: its bytes are no identity', async () => {
    const claim = CLAIMS[0]!;
    const again = { ...claim, proof: rerandomise(claim.proof, keys[0]!) };
    expect(again.proof).not.toEqual(claim.proof);
    expect(await pairing.verifyProofs(keys, [again])).toEqual([]);
  });

  it('accepts a proof without witness under a key whose delta is gamma: only the check of keys stands against it', async () => {
    const publicSignals = [parseFieldElement('123456789')];
    const claim = { keyIndex: 0, publicSignals, proof: forgeWithEqualDelta(123456789n) };
    expect(await pairing.verifyProofs([forgeableKey(1)], [claim])).toEqual([]);
    expect(await pairing.verifyProofs([keys[0]!], [claim])).toHaveLength(1);
  });
});

describe('the points of proofs and keys', () => {
  const cases: [string, (proof: Proof) => void, string][] = [
    ['A off the curve', (proof) => (proof.a = ['1', '1']), 'point-not-on-curve'],
    ['B off the twist', (proof) => (proof.b = [proof.b[1], proof.b[0]]), 'point-not-on-curve'],
    ['B outside the subgroup', (proof) => (proof.b = OUTSIDE_SUBGROUP), 'point-not-in-subgroup'],
    ['C at infinity', (proof) => (proof.c = ['0', '0']), 'point-at-infinity'],
  ];
  it.each(cases)('names %s', async (_, change, kind) => {
    const proof = structuredClone(CLAIMS[3]!.proof);
    change(proof);
    const claims = CLAIMS.with(3, { ...CLAIMS[3]!, proof });
    expect(await pairing.verifyProofs(keys, claims)).toEqual([{ claimIndex: 3, kind }]);
  });

  it('are over the base field of the protocol', () => {
    expect(MODULUS).toBe(BASE_FIELD_MODULUS);
    expect(ORDER).toBe(FIELD_MODULUS);
  });

  it('are found on the curve exactly where another library finds them', () => {
    const twist = ([x, y]: Proof['b']) => {
      const fp2 = ([c0, c1]: Proof['a']) => ({ c0: BigInt(c0), c1: BigInt(c1) });
      return bn254.G2.Point.fromAffine({ x: fp2(x), y: fp2(y) });
    };
    const outside = twist(OUTSIDE_SUBGROUP);
    expect(findTwistFault(OUTSIDE_SUBGROUP)).toBeUndefined();
    expect(outside.isTorsionFree()).toBe(false);
    for (const scalar of [1n, 2n, 12345n, FIELD_MODULUS - 1n]) {
      expect(findG1Fault(toAffine1(scalar))).toBeUndefined();
      expect(findTwistFault(toAffine2(scalar))).toBeUndefined();
      expect(twist(toAffine2(scalar)).isTorsionFree()).toBe(true);
      const [x, y] = toAffine1(scalar);
      expect(findG1Fault([y, x])).toBe('point-not-on-curve');
    }
  });

  it('times scalars add up to infinity exactly where they do by another library', async () => {
    const base = hashToPoint('sum');
    const spell = (point: CurvePoint): Proof['a'] => {
      const { x, y } = point.toAffine();
      return [x.toString(), y.toString()];
    };
    // Equal points, opposite points, and scalars at both ends are among them.
    const multiples = [1n, 1n, 2n, FIELD_MODULUS - 1n, 7n ** 80n % FIELD_MODULUS, 3n];
    const scalars = [0n, 1n, FIELD_MODULUS - 1n, 5n, 11n ** 70n % FIELD_MODULUS].map(reduceField);
    const points = multiples.map((multiple) => base.multiply(multiple));
    const rest = sumField(
      scalars.map((scalar, index) => multiplyField(scalar, reduceField(multiples[index]!))),
    );
    const last = multiplyField(negateField(rest), invertField(reduceField(3n)));
    for (const [end, isZero] of [
      [last, true],
      [addField(last, ONE), false],
      [ZERO, false],
    ] as const) {
      const all = [...scalars, end];
      expect(combinePoints(points, all).is0()).toBe(isZero);
      expect(await pairing.isSumZero(points.map(spell), all)).toBe(isZero);
      expect(await pairing.isSumZero(points.map(spell).reverse(), all.reverse())).toBe(isZero);
    }
    expect(await pairing.isSumZero([], [])).toBe(true);
    await expect(pairing.isSumZero([spell(base)], [])).rejects.toThrow('expected 1 scalars, got 0');
  });

  it('of a sound key have no fault, and of others are named', async () => {
    const [key] = keys as [VerificationKey, VerificationKey];
    expect(await pairing.inspectKey(key)).toBeUndefined();
    expect(await pairing.inspectKey({ ...key, beta: OUTSIDE_SUBGROUP })).toEqual({
      point: 'beta',
      kind: 'point-not-in-subgroup',
    });
    expect(await pairing.inspectKey({ ...key, ic: [key.ic[0]!, ['4', '4']] })).toEqual({
      point: 'ic.1',
      kind: 'point-not-on-curve',
    });
  });
});

/** The same proof for another statement. */
function lieAbout(claim: ProofClaim): ProofClaim {
  const [digest, ...rest] = claim.publicSignals;
  return { ...claim, publicSignals: [parseFieldElement((digest! + 1n).toString()), ...rest] };
}

/** (A·s⁻¹, B·s + delta·s·t, C + A·t): proves the same, without knowing how the first was made. */
function rerandomise(proof: Proof, key: VerificationKey): Proof {
  const { G1, G2, fields } = bn254;
  const g1 = ([x, y]: Proof['a']) => G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) });
  const fp2 = ([c0, c1]: Proof['a']) => ({ c0: BigInt(c0), c1: BigInt(c1) });
  const g2 = ([x, y]: Proof['b']) => G2.Point.fromAffine({ x: fp2(x), y: fp2(y) });
  const [s, t] = [987654321n, 123456n];
  const a = g1(proof.a).multiply(fields.Fr.inv(s)).toAffine();
  const b = g2(proof.b)
    .multiply(s)
    .add(g2(key.delta).multiply(s * t))
    .toAffine();
  const c = g1(proof.c).add(g1(proof.a).multiply(t)).toAffine();
  const spell = (x: bigint, y: bigint): Proof['a'] => [x.toString(), y.toString()];
  return { a: spell(a.x, a.y), b: [spell(b.x.c0, b.x.c1), spell(b.y.c0, b.y.c1)], c: spell(c.x, c.y) };
}
