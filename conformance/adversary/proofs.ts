import { BASE_FIELD_MODULUS, FIELD_MODULUS, type Proof } from '../../src/protocol/index.js';
import { growTree, makePlatform, proveDigest, publish, resign, type Published } from './world.js';
import { platform, tree, type BundleCase } from './case.js';
import { OUTSIDE_SUBGROUP } from '../../src/verifier/pairing/curve.js';

/** Changes published proofs only; the platform's signature does not cover them. */
const proofCase = (
  name: string,
  code: BundleCase['code'],
  change: (published: Published) => void,
): BundleCase => ({
  name: `proof: ${name}`,
  code,
  attack: (published) => {
    change(published);
    return undefined;
  },
});

/** Changes the proof of the first batch. */
const pointCase = (name: string, code: BundleCase['code'], change: (proof: Proof) => void): BundleCase =>
  proofCase(name, code, ({ batches }) => {
    change(batches[0]!.proof);
  });

/** Changes the manifest after all was proven; the platform signs the change and keeps its proofs. */
const laterCase = (name: string, change: (manifest: Published['manifest']) => void): BundleCase => ({
  name: `signed after proving: ${name}`,
  code: 'proof-invalid',
  attack: (published) => {
    const proven = structuredClone(published);
    change(published.manifest);
    resign(platform, published);
    published.batches = proven.batches;
    published.aggregates = proven.aggregates;
    return undefined;
  },
});

const negate = (coordinate: string, modulus = BASE_FIELD_MODULUS) =>
  (modulus - BigInt(coordinate)).toString();

/** The same exchange a day before: the same batches, aggregates of another context. */
const yesterday = () =>
  publish(platform, {
    nodes: Object.values(growTree()),
    top: tree.top,
    edit: (manifest) => {
      manifest.takenAt = '2026-06-29T00:00:00Z';
    },
  });

export const PROOF_CASES: readonly BundleCase[] = [
  pointCase('A off the curve', 'proof-point-not-on-curve', (proof) => {
    proof.a[1] = '1';
  }),
  pointCase('C off the curve', 'proof-point-not-on-curve', (proof) => {
    proof.c[0] = '5';
  }),
  pointCase('B off the twist', 'proof-point-not-on-curve', (proof) => {
    proof.b[0] = ['5', '0'];
  }),
  pointCase('B on the twist and outside the subgroup', 'proof-point-not-in-subgroup', (proof) => {
    proof.b = OUTSIDE_SUBGROUP;
  }),
  pointCase('A at infinity', 'proof-point-at-infinity', (proof) => {
    proof.a = ['0', '0'];
  }),
  pointCase('B at infinity', 'proof-point-at-infinity', (proof) => {
    proof.b = [
      ['0', '0'],
      ['0', '0'],
    ];
  }),
  pointCase('C at infinity', 'proof-point-at-infinity', (proof) => {
    proof.c = ['0', '0'];
  }),
  pointCase('a coordinate plus the modulus', 'proof-malformed', (proof) => {
    proof.a[0] = (BigInt(proof.a[0]) + BASE_FIELD_MODULUS).toString();
  }),
  pointCase('real and imaginary parts swapped', 'proof-point-not-on-curve', (proof) => {
    proof.b = [
      [proof.b[0][1], proof.b[0][0]],
      [proof.b[1][1], proof.b[1][0]],
    ];
  }),
  pointCase('A negated', 'proof-invalid', (proof) => {
    proof.a[1] = negate(proof.a[1]);
  }),
  pointCase('C negated', 'proof-invalid', (proof) => {
    proof.c[1] = negate(proof.c[1]);
  }),
  pointCase('A and C swapped', 'proof-invalid', (proof) => {
    [proof.a, proof.c] = [proof.c, proof.a];
  }),
  proofCase('two proofs of one circuit swapped', 'proof-invalid', ({ batches }) => {
    [batches[0]!.proof, batches[1]!.proof] = [batches[1]!.proof, batches[0]!.proof];
  }),
  proofCase('one proof for two batches', 'proof-invalid', ({ batches }) => {
    batches[1]!.proof = batches[0]!.proof;
  }),
  proofCase('two proofs whose faults cancel in a plain sum', 'proof-invalid', ({ batches }) => {
    // Swapping the C of two proofs under one key leaves the sum over all C as it was.
    [batches[0]!.proof.c, batches[1]!.proof.c] = [batches[1]!.proof.c, batches[0]!.proof.c];
  }),
  proofCase('a digest plus the field modulus', 'proof-malformed', ({ batches }) => {
    batches[0]!.digest = (BigInt(batches[0]!.digest) + FIELD_MODULUS).toString();
  }),
  proofCase('a batch under the circuit of another', 'proof-count-differs', ({ batches }) => {
    batches[0]!.circuit = 'spot-3';
  }),
  {
    name: 'proof: a batch under the circuit of another, with counts to match',
    code: 'proof-invalid',
    attack: (published) => {
      const proof = structuredClone(published.batches[0]!.proof);
      published.manifest.circuits[0]!.proofCount -= 1;
      published.manifest.circuits[1]!.proofCount += 1;
      published.batches[0]!.circuit = 'spot-3';
      resign(platform, published);
      published.batches[0]!.proof = proof;
      return undefined;
    },
  },
  proofCase('made under the keys of a stranger', 'proof-invalid', ({ manifest, batches }) => {
    const { circuit, digest } = batches[0]!;
    batches[0]!.proof = proveDigest(makePlatform('stranger'), manifest, { circuit, digest });
  }),
  proofCase('the aggregates of the day before, of the same digests', 'proof-invalid', (published) => {
    published.aggregates = yesterday().aggregates;
  }),
  laterCase('the instant', (manifest) => {
    manifest.takenAt = '2026-06-30T00:00:01Z';
  }),
  laterCase('the platform', (manifest) => {
    manifest.platform = 'Another Exchange';
  }),
  laterCase('the scope', ({ scope }) => {
    scope.excluded.push('everything else');
  }),
  laterCase('a total', ({ totals }) => {
    totals[0]!.equity = '1';
  }),
  laterCase('the previous manifest', (manifest) => {
    manifest.previousManifestHash = null;
  }),
  laterCase('the decimals of an asset', (manifest) => {
    manifest.assets[2]!.decimals = 5;
  }),
  laterCase('a price that keeps the scale', (manifest) => {
    manifest.assets[2]!.price = '0.26';
  }),
  {
    name: 'proof: a batch with debts proven at other prices',
    code: 'proof-invalid',
    attack: (published) => {
      const proof = structuredClone(published.batches.find(({ circuit }) => circuit === 'margin-2')!.proof);
      published.manifest.assets[2]!.price = '0.5';
      resign(platform, published);
      published.batches.find(({ circuit }) => circuit === 'margin-2')!.proof = proof;
      return undefined;
    },
  },
];

/** Prices: the platform signs and proves everything for them. */
const priced = (
  name: string,
  code: BundleCase['code'],
  change: (manifest: Published['manifest']) => void,
): BundleCase => ({
  name: `prices: ${name}`,
  code,
  attack: (published) => {
    const proven = structuredClone(published);
    change(published.manifest);
    published.signature = signOnly(published);
    published.batches = proven.batches;
    return undefined;
  },
});

function signOnly(published: Published): Published['signature'] {
  const copy = structuredClone(published);
  try {
    resign(platform, copy);
  } catch {
    // A price table that the protocol refuses cannot be proven; it can still be signed.
  }
  return copy.signature;
}

export const PRICE_CASES: readonly BundleCase[] = [
  priced('a scale other than the prices give', 'scale-differs', (manifest) => {
    manifest.scale -= 1;
  }),
  priced('a price that rounds away', 'price-too-small', ({ assets }) => {
    assets[2]!.price = '0.0000000000000000001';
  }),
  priced('a price of 0 for an asset that somebody owes', 'debt-without-price', ({ assets, totals }) => {
    assets[2]!.price = '0';
    totals[2]!.debt = '1';
  }),
  priced('a price beyond 64 bits at scale 0', 'price-too-large', ({ assets }) => {
    assets[0]!.price = '9'.repeat(29);
    assets[0]!.decimals = 0;
  }),
];
