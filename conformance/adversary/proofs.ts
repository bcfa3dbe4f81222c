import mcl from 'mcl-wasm';

import {
  BASE_FIELD_MODULUS,
  encodeFieldElements,
  FIELD_MODULUS,
  parseFieldElements,
  type Challenges,
  type FieldElement,
  type Manifest,
} from '../../src/protocol/index.js';
import { OUTSIDE_SUBGROUP } from '../../src/verifier/pairing/curve.js';
import { spell1, toAffine1 } from './simulated-key.js';
import { proveBatch, RECONCILIATION, reseal, resign, type Lies, type Published } from './world.js';
import { asAttack, platform, publishBatches, batches, type BundleCase } from './case.js';
import { evaluate } from './batches.js';
import { pick } from './platform.js';

type Line = { -readonly [Field in keyof Published['proofs'][number]]: Published['proofs'][number][Field] };

/** Changes one line of proofs: that of the second batch of spot-1, unless another is named. */
const bent = (
  name: string,
  [code, change, line = 1]: readonly [
    BundleCase['code'],
    (line: Line, published: Published) => void,
    number?,
  ],
): BundleCase => ({
  name: `proof: ${name}`,
  code,
  attack: (published) => {
    change(published.proofs[line]!, published);
    return undefined;
  },
});

/** Changes the values z of a line. */
const bentValues = (
  name: string,
  [code, change, line]: readonly [BundleCase['code'], (values: bigint[]) => void, number?],
): BundleCase =>
  bent(name, [
    code,
    (changed) => {
      const read: bigint[] = parseFieldElements(changed.z);
      change(read);
      changed.z = encodeFieldElements(read);
    },
    line ?? 1,
  ]);

const negate = (coordinate: string) => (BASE_FIELD_MODULUS - BigInt(coordinate)).toString();
const beyond = (coordinate: string) => (BASE_FIELD_MODULUS + BigInt(coordinate)).toString();
const next = (value: string) => (BigInt(value) + 1n).toString();

const points: BundleCase[] = [
  ...(['a', 'c'] as const).flatMap((point) => [
    bent(`${point.toUpperCase()} at infinity`, ['proof', ({ proof }) => (proof[point] = ['0', '0'])]),
    bent(`${point.toUpperCase()} off the curve`, ['proof', ({ proof }) => (proof[point] = ['1', '3'])]),
    bent(`${point.toUpperCase()} negated`, [
      'proof',
      ({ proof }) => (proof[point][1] = negate(proof[point][1])),
    ]),
    bent(`${point.toUpperCase()} as x + p`, [
      'schema-violated',
      ({ proof }) => (proof[point][0] = beyond(proof[point][0])),
    ]),
    bent(`${point.toUpperCase()} another point`, ['proof', ({ proof }) => (proof[point] = toAffine1(7n))]),
  ]),
  bent('B at infinity', [
    'proof',
    ({ proof }) =>
      (proof.b = [
        ['0', '0'],
        ['0', '0'],
      ]),
  ]),
  bent('B off the curve', [
    'proof',
    ({ proof }) =>
      (proof.b = [
        ['1', '0'],
        ['2', '0'],
      ]),
  ]),
  bent('B outside the subgroup', ['proof', ({ proof }) => (proof.b = OUTSIDE_SUBGROUP)]),
  bent('B with its coordinates in another order', [
    'proof',
    ({ proof: { b } }) => {
      b.forEach((part) => part.reverse());
    },
  ]),
  bent('B as x + p', ['schema-violated', ({ proof: { b } }) => (b[0][0] = beyond(b[0][0]))]),
  bent('A and C swapped', ['proof', ({ proof }) => ([proof.a, proof.c] = [proof.c, proof.a])]),
  bent('all points at infinity', [
    'proof',
    (line) =>
      (line.proof = {
        a: ['0', '0'],
        b: [
          ['0', '0'],
          ['0', '0'],
        ],
        c: ['0', '0'],
      }),
  ]),
];

const values: BundleCase[] = [
  bent('L one more', ['proof', (line) => (line.L = next(line.L))]),
  bent('K one more', ['proof', (line) => (line.K = next(line.K!)), 3]),
  bent('K and L swapped', ['proof', (line) => ([line.K, line.L] = [line.L, line.K!]), 3]),
  ...[0, 1].map((position) =>
    bentValues(`z ${position} one more`, [
      'proof',
      (z) => (z[position] = (z[position]! + 1n) % FIELD_MODULUS),
    ]),
  ),
  bentValues('z of two groups swapped', ['proof', (z) => z.reverse()]),
  bentValues('z of two words swapped', ['proof', (z) => z.unshift(...z.splice(1, 1)), 5]),
  bentValues('a z more', ['schema-violated', (z) => z.push(1n)]),
  bentValues('a z less', ['schema-violated', (z) => z.pop()]),
  bentValues('z of r', ['schema-violated', (z) => (z[0] = FIELD_MODULUS)]),
  bentValues('the last z plus r', ['schema-violated', (z) => (z[z.length - 1]! += FIELD_MODULUS)]),
  bentValues('z of 32 bytes with every bit set', ['schema-violated', (z) => (z[0] = (1n << 256n) - 1n)]),
  bent('the proof of another batch of its circuit', [
    'proof',
    (line, { proofs }) => (line.proof = proofs[0]!.proof),
  ]),
  bent('the line of another batch of its circuit', [
    'proof',
    (line, { proofs }) => Object.assign(line, proofs[0]),
  ]),
  bent('the proof of another circuit with as many signals', [
    'proof',
    (line, { proofs }) => (line.proof = proofs[2]!.proof),
  ]),
  bent('two lines swapped', ['proof', (_, { proofs }) => proofs.unshift(proofs.splice(1, 1)[0]!)]),
  bent('L of two lines swapped', [
    'proof',
    (line, { proofs }) => ([line.L, proofs[0]!.L] = [proofs[0]!.L, line.L]),
  ]),
  bent('L shifted from one line to another', [
    'proof',
    (line, { proofs }) => {
      line.L = next(line.L);
      proofs[0]!.L = (BigInt(proofs[0]!.L) - 1n).toString();
    },
  ]),
  bent('K of two lines swapped', [
    'proof',
    (line, { proofs: [, , , , other] }) => {
      const K = line.K!;
      line.K = other!.K!;
      Object.assign(other!, { K });
    },
    3,
  ]),
  bent('the batch proven under the key of another circuit', [
    'proof',
    (line, published) => {
      const batch = { ...published.batches[1]!, circuit: 'spot-3' };
      Object.assign(
        line,
        proveBatch(platform, batch, evaluate(batch, published.challenges), published.challenges),
      );
    },
  ]),
  bent('the same point added to one C and taken from another', [
    'proof',
    (line, { proofs }) => {
      line.proof.c = addPoints(line.proof.c, toAffine1(5n));
      proofs[0]!.proof.c = addPoints(proofs[0]!.proof.c, toAffine1(-5n));
    },
  ]),
  bent('a point added to C of every line', [
    'proof',
    (_, { proofs }) => {
      for (const { proof } of proofs) proof.c = addPoints(proof.c, toAffine1(5n));
    },
  ]),
];

/** Proofs for challenges that are not those of the bundle. */
const challenged = (name: string, change: (made: Challenges) => Partial<Challenges>): BundleCase => ({
  name: `proof: for ${name}`,
  code: 'proof',
  attack: () => asAttack(publishBatches(batches, { challenges: (made) => ({ ...made, ...change(made) }) })),
});

const challenges: BundleCase[] = [
  challenged('another x', ({ x }) => ({ x: (x + 1n) as FieldElement })),
  challenged('an x of its own choice', () => ({ x: pick('x') })),
  challenged('an x just below the least', () => ({ x: ((1n << 34n) - 1n) as FieldElement })),
  challenged('another rho', ({ rho }) => ({ rho: (rho + 1n) as FieldElement })),
  challenged('a rho of 0, which counts no row', () => ({ rho: 0n as FieldElement })),
  challenged('another gamma', ({ gamma }) => ({ gamma: (gamma + 1n) as FieldElement })),
  challenged('a gamma of 1, which weighs all rows alike', () => ({ gamma: 1n as FieldElement })),
  challenged('a gamma of 0, which weighs none', () => ({ gamma: 0n as FieldElement })),
  challenged('x and rho exchanged', ({ x, rho }) => ({ x: rho, rho: x })),
  {
    name: 'proof: for a challenge of each batch',
    code: 'proof',
    attack: (published) => {
      published.proofs = batches.map((batch, index) => {
        const own = { ...published.challenges, x: pick(`x ${index}`) };
        return proveBatch(platform, batch, evaluate(batch, own), own);
      });
      return undefined;
    },
  },
];

/** A manifest that changes after it was sealed: its proofs are those of the one before. */
const afterwards = (name: string, change: (manifest: Manifest) => void): BundleCase => ({
  name: `proof: of the manifest before ${name} was changed`,
  code: 'proof',
  attack: (published) => {
    change(published.manifest);
    resign(platform, published);
    return undefined;
  },
});

/** The same rows half a second later. */
function moveInstant(manifest: Manifest): void {
  manifest.takenAt = '2026-06-30T00:00:00.5Z';
  manifest.assets[2]!.maxPriceAgeMs = 61_000;
}

const replays: BundleCase[] = [
  afterwards('its instant', moveInstant),
  afterwards('the least time between snapshots', (manifest) => (manifest.leastDistanceMs += 1)),
  afterwards('its quote currency', (manifest) => (manifest.quote = 'EUR')),
  afterwards('its scope', ({ scope }) => (scope.included = 'all accounts')),
  afterwards('what is excluded', ({ scope }) => scope.excluded.pop()),
  afterwards('the hash of its snapshot', (manifest) => (manifest.snapshotHash = 'ac'.repeat(32))),
  afterwards('the manifest before it', (manifest) => (manifest.previousManifestHash = null)),
  afterwards('a price', ({ assets }) => (assets[0]!.price = '60001')),
  afterwards('a collateral ratio', ({ assets }) => (assets[0]!.collateralRatio = '1')),
  afterwards('the instant of a price', ({ assets }) => (assets[0]!.pricedAt = '2026-06-29T23:59:59.6Z')),
  afterwards('the source of a price', ({ assets }) => (assets[0]!.priceSource = 'another venue')),
  afterwards('the greatest age of a price', ({ assets }) => (assets[0]!.maxPriceAgeMs = 60_001)),
  afterwards('the greatest age of marks', (manifest) => (manifest.maxMarkAgeMs = null)),
  afterwards('a symbol', ({ assets, totals }) => (totals[0]!.asset = assets[0]!.symbol = 'WBTC')),
  afterwards('the order of assets', ({ assets, totals }) => {
    assets.push(...assets.splice(3, 1));
    totals.push(...totals.splice(3, 1));
  }),
  afterwards('a total', ({ totals }) => (totals[0]!.equity = '1')),
  afterwards('a debt', ({ totals }) => (totals[1]!.debt = '0')),
  afterwards('its rounding', (manifest) => (manifest.rounding = [])),
  afterwards('its write-offs', ({ writeOffs }) => (writeOffs.debts[0]!.debt = '1')),
  afterwards('what was compared', (manifest) => (manifest.reconciliation = RECONCILIATION)),
  {
    name: 'proof: all of another manifest with the same rows',
    code: 'proof',
    attack: (published) => {
      const { proofs } = published;
      moveInstant(published.manifest);
      reseal(platform, published);
      published.proofs = proofs;
      return undefined;
    },
  },
  {
    name: 'proof: one of another manifest with the same rows',
    code: 'proof',
    attack: (published) => {
      const [, , third] = published.proofs;
      published.manifest.quote = 'EUR';
      reseal(platform, published);
      published.proofs[2] = third!;
      return undefined;
    },
  },
];

const prove = (change: Lies['commitments']): Published => publishBatches(batches, { commitments: change! });
const swap = <T>(list: T[], a: number, b: number) => ([list[a], list[b]] = [list[b]!, list[a]!]);

/** Commitments that are not those that the manifest pins, or not those that were proven. */
const commitments: BundleCase[] = [
  ...(['digest', 'list'] as const).map((field): BundleCase => ({
    name: `commitments: a ${field} changed`,
    code: 'commitments-hash',
    attack: ({ commitments: lines }) => {
      lines[2]![field] = '7';
      return undefined;
    },
  })),
  {
    name: 'commitments: two lists swapped, each beside the other’s digest',
    code: 'commitments-hash',
    attack: ({ commitments: [first, second] }) => {
      [first!.list, second!.list] = [second!.list, first!.list];
      return undefined;
    },
  },
  {
    name: 'commitments: two lines swapped',
    code: 'commitments-hash',
    attack: ({ commitments: lines }) => {
      swap(lines, 0, 1);
      return undefined;
    },
  },
  {
    name: 'commitments: a hash stated of others',
    code: 'commitments-hash',
    attack: (published) => {
      reseal(platform, published, { manifest: (manifest) => (manifest.commitmentsHash = 'ab'.repeat(32)) });
      return undefined;
    },
  },
  {
    name: 'commitments: two lines swapped, and pinned',
    code: 'proof',
    attack: () => asAttack(prove((lines) => swap(lines, 0, 1))),
  },
  {
    name: 'commitments: a digest that nobody proves, and pinned',
    code: 'proof',
    attack: () => asAttack(prove((lines) => (lines[0]!.digest = '7'))),
  },
  {
    name: 'commitments: one digest with two lists, and pinned: two users own one row',
    code: 'digest-repeated',
    attack: () => asAttack(prove((lines) => (lines[1]!.digest = lines[0]!.digest))),
  },
  {
    name: 'commitments: one digest in two circuits, and pinned',
    code: 'digest-repeated',
    attack: () => asAttack(prove((lines) => (lines[5]!.digest = lines[0]!.digest))),
  },
  {
    name: 'commitments: one batch twice, and counted twice',
    code: 'digest-repeated',
    attack: () => asAttack(publishBatches([batches[0]!, ...batches])),
  },
];

function addPoints(left: Line['proof']['a'], right: Line['proof']['a']): Line['proof']['a'] {
  const read = ([x, y]: Line['proof']['a']) => {
    const point = new mcl.G1();
    point.setStr(`1 ${x} ${y}`, 10);
    return point;
  };
  return spell1(mcl.add(read(left), read(right)));
}

export const PROOF_CASES: readonly BundleCase[] = [
  ...points,
  ...values,
  ...challenges,
  ...replays,
  ...commitments,
];
