import {
  BASE_FIELD_MODULUS,
  deriveCircuitTag,
  fingerprintKey,
  nameOfLayout,
  parseFieldElements,
  type Proof,
  type RowLayout,
  type Trust,
  type VerificationKey,
} from '../../src/protocol/index.js';
import { OUTSIDE_SUBGROUP } from '../../src/verifier/pairing/curve.js';
import { pinLayout } from './platform.js';
import { simulateKey, toAffine1, toAffine2 } from './simulated-key.js';
import {
  makeCeremony,
  makePlatform,
  publish,
  reseal,
  resign,
  toSource,
  type Platform,
  type Published,
} from './world.js';
import { asAttack, batches, platform, sealed, type Attack, type BundleCase } from './case.js';

const stranger = makePlatform('stranger');

/** Gives one circuit another key, in the manifest and in the trust file alike: the ceremony itself is the liar. */
function rekey(published: Published, name: string, change: (key: VerificationKey) => void): Attack {
  const trust = structuredClone(platform.trust);
  const circuit = circuitOf(published, name);
  const pin = trust.circuits.find((entry) => entry.name === name)!;
  change(circuit.verificationKey);
  pin.fingerprint = fingerprintKey(deriveCircuitTag(pin.parameters), circuit.verificationKey);
  circuit.fingerprint = pin.fingerprint;
  reseal(platform, published);
  return { trust };
}

function circuitOf({ manifest }: Published, name: string): Published['manifest']['circuits'][number] {
  return manifest.circuits.find((entry) => entry.name === name)!;
}

const weakKey = (
  name: string,
  code: BundleCase['code'],
  change: (key: VerificationKey) => void,
): BundleCase => ({
  name: `pinned key: ${name}`,
  code,
  attack: (published) => rekey(published, 'margin-3', change),
});

function withPins(change: (pins: Trust['circuits']) => Trust['circuits']): Trust {
  return { ...platform.trust, circuits: change(structuredClone(platform.trust.circuits)) };
}

const otherKeys: BundleCase[] = [
  {
    name: 'development keys that nobody allowed',
    code: 'development-keys',
    attack: () => ({ options: { allowDevelopmentKeys: false } }),
  },
  {
    name: 'one development key among keys of a ceremony',
    code: 'development-keys',
    attack: (published) => {
      const trust = withPins((pins) =>
        pins.map((pin, index) => (index === 3 ? pin : { ...pin, provenance: makeCeremony() })),
      );
      published.manifest.circuits.forEach((circuit, index) => {
        circuit.provenance = trust.circuits[index]!.provenance;
      });
      reseal(platform, published);
      return { trust, options: { allowDevelopmentKeys: false } };
    },
  },
  {
    name: 'proofs and keys of a stranger under the platform’s signature',
    code: 'key-fingerprint-differs',
    attack: () => {
      const signedByPlatform: Platform = {
        ...stranger,
        signingSecret: platform.signingSecret,
        trust: { ...stranger.trust, signingKey: platform.trust.signingKey },
      };
      return asAttack(publish(signedByPlatform, batches));
    },
  },
  {
    name: 'keys of a stranger, with the fingerprints stated as pinned',
    code: 'key-fingerprint-differs',
    attack: () => {
      const published = publish(
        { ...stranger, signingSecret: platform.signingSecret, trust: platform.trust },
        batches,
      );
      return asAttack(published);
    },
  },
  {
    name: 'the keys of two circuits swapped, with their fingerprints stated as pinned',
    code: 'key-fingerprint-differs',
    attack: (published) => {
      const [first, second] = published.manifest.circuits;
      [first!.verificationKey, second!.verificationKey] = [second!.verificationKey, first!.verificationKey];
      reseal(platform, published);
      return undefined;
    },
  },
  sealed('a fingerprint stated that is not the key’s', 'key-fingerprint-differs', ({ circuits }) => {
    circuits[0]!.fingerprint = 'ef'.repeat(32);
  }),
  sealed('one coordinate of a key changed', 'key-fingerprint-differs', ({ circuits }) => {
    circuits[2]!.verificationKey.ic[1]![0] = '1';
  }),
  sealed('another profile', 'profile-not-pinned', (manifest) => {
    manifest.profile = 'standard';
  }),
  {
    name: 'a circuit less than pinned',
    code: 'circuit-missing',
    attack: () => {
      const fewer = {
        ...platform,
        trust: withPins((pins) => pins.filter(({ name }) => name !== 'margin-4')),
      };
      return { ...asAttack(publish(fewer, batches.slice(0, 5))), trust: platform.trust };
    },
  },
  {
    name: 'a circuit more than pinned',
    code: 'circuit-not-pinned',
    attack: () => ({ trust: withPins((pins) => pins.filter(({ name }) => name !== 'spot-3')) }),
  },
  {
    name: 'no circuit of debts pinned, and one in the manifest',
    code: 'circuit-not-pinned',
    attack: () => ({ trust: withPins((pins) => pins.filter(({ name }) => name.startsWith('spot'))) }),
  },
  {
    name: 'keys stated to be made in another way than pinned',
    code: 'key-provenance-differs',
    attack: () => ({
      trust: withPins((pins) => pins.map((pin) => ({ ...pin, provenance: makeCeremony() }))),
    }),
  },
  ...Object.entries({
    'more signers': { signers: 3 },
    'more contributions': { contributions: 4 },
    'another beacon': { beacon: 'drand round 2' },
    'powers of tau of its own': { powersOfTau: { source: 'untrusted', blake2b: 'ab'.repeat(64) } as const },
    'another transcript': { transcriptHash: 'ce'.repeat(32) },
  }).map(([name, change]): BundleCase => ({
    name: `a ceremony stated with ${name} than pinned`,
    code: 'key-provenance-differs',
    attack: (published) => {
      for (const circuit of published.manifest.circuits) circuit.provenance = makeCeremony(change);
      reseal(platform, published);
      return { trust: withPins((pins) => pins.map((pin) => ({ ...pin, provenance: makeCeremony() }))) };
    },
  })),
];

/** The same circuit under another layout, in the manifest and not in the trust file. */
const relayout = (name: string, change: Partial<RowLayout>): BundleCase =>
  sealed(`another layout than pinned: ${name}`, 'circuit-parameters-differ', ({ circuits }) => {
    const circuit = circuits[2]!;
    circuit.parameters = { ...circuit.parameters, ...change };
    circuit.tag = deriveCircuitTag(circuit.parameters).toString();
    circuit.fingerprint = fingerprintKey(deriveCircuitTag(circuit.parameters), circuit.verificationKey);
  });

const layouts: BundleCase[] = [
  relayout('fewer rows, so that weights repeat', { rows: 4 }),
  relayout('more rows', { rows: 6 }),
  relayout('larger groups', { groupRows: 3 }),
  relayout('groups of one', { groupRows: 1 }),
  {
    name: 'another B than pinned, in every circuit and the manifest',
    code: 'circuit-parameters-differ',
    attack: (published) => {
      const { manifest } = published;
      manifest.indexBits = 4;
      manifest.circuits = manifest.circuits.map((circuit) => {
        const parameters = { ...circuit.parameters, indexBits: 4 };
        const tag = deriveCircuitTag(parameters);
        const fingerprint = fingerprintKey(tag, circuit.verificationKey);
        return { ...circuit, parameters, tag: tag.toString(), fingerprint };
      });
      reseal(platform, published);
      return undefined;
    },
  },
  {
    name: 'a margin circuit stated as one of spot rows, without cover',
    code: 'circuit-not-pinned',
    attack: (published) => {
      const circuit = published.manifest.circuits[3]!;
      const parameters: RowLayout = { ...circuit.parameters, kind: 'spot', netBits: 0 };
      const tag = deriveCircuitTag(parameters);
      Object.assign(circuit, { name: nameOfLayout(parameters), parameters, tag: tag.toString() });
      circuit.fingerprint = fingerprintKey(tag, circuit.verificationKey);
      reseal(platform, published, {
        commitments: (lines) => {
          lines[5]!.circuit = 'spot-4';
        },
      });
      return undefined;
    },
  },
];

const trusts: BundleCase[] = [
  {
    name: 'a trust file whose tags are not of its layouts',
    code: 'trust-inconsistent',
    attack: () => ({
      trust: withPins((pins) => pins.map((pin, index) => ({ ...pin, tag: index.toString() }))),
    }),
  },
  {
    name: 'a trust file that pins a circuit under another name',
    code: 'trust-inconsistent',
    attack: () => ({
      trust: withPins((pins) => pins.map((pin, index) => (index === 0 ? { ...pin, name: 'spot-2' } : pin))),
    }),
  },
];

const weakKeys: BundleCase[] = [
  weakKey('one point of ic less than signals', 'key-signal-count-differs', (key) => {
    key.ic.pop();
  }),
  weakKey('one point of ic more than signals: a free signal', 'key-signal-count-differs', (key) => {
    key.ic.push(toAffine1(99n));
  }),
  weakKey('alpha off the curve', 'key-point-not-on-curve', (key) => {
    key.alpha = ['1', '3'];
  }),
  weakKey('a point of ic off the curve', 'key-point-not-on-curve', (key) => {
    key.ic[2] = ['2', '2'];
  }),
  weakKey('gamma off the curve', 'key-point-not-on-curve', (key) => {
    key.gamma = [
      ['1', '0'],
      ['2', '0'],
    ];
  }),
  ...(['beta', 'gamma', 'delta'] as const).flatMap((point) => [
    weakKey(`${point} outside the subgroup`, 'key-point-not-in-subgroup', (key) => {
      key[point] = OUTSIDE_SUBGROUP;
    }),
    weakKey(`${point} at infinity`, 'key-point-at-infinity', (key) => {
      key[point] = [
        ['0', '0'],
        ['0', '0'],
      ];
    }),
  ]),
  weakKey('alpha at infinity', 'key-point-at-infinity', (key) => {
    key.alpha = ['0', '0'];
  }),
  ...[0, 1, 2, 3, 9].map((position) =>
    weakKey(`point ${position} of ic at infinity, whose signal is free`, 'key-point-at-infinity', (key) => {
      key.ic[position] = ['0', '0'];
    }),
  ),
  weakKey('delta equal to beta', 'key-forgeable', (key) => {
    key.delta = key.beta;
  }),
  weakKey('gamma equal to beta', 'key-forgeable', (key) => {
    key.gamma = key.beta;
  }),
  weakKey('gamma opposite to delta', 'key-forgeable', (key) => {
    const [x, [real, imaginary]] = key.delta;
    const negate = (part: string) => (BASE_FIELD_MODULUS - BigInt(part)).toString();
    key.gamma = [x, [negate(real), negate(imaginary)]];
  }),
  weakKey('L and K under one point of ic: only their sum counts', 'key-forgeable', (key) => {
    key.ic[3] = key.ic[2]!;
  }),
  weakKey('x and gamma under opposite points of ic', 'key-forgeable', (key) => {
    const [x, y] = key.ic.at(-1)!;
    key.ic[8] = [x, (BASE_FIELD_MODULUS - BigInt(y)).toString()];
  }),
  {
    name: 'pinned key: delta equal to gamma, and proofs that it accepts made without a witness',
    code: 'key-forgeable',
    attack: forgeSpotRows,
  },
  {
    name: 'pinned key: the same for two circuits',
    code: 'key-shared',
    attack: (published) =>
      rekey(published, 'spot-3', (key) => {
        Object.assign(key, structuredClone(platform.keys.get('spot-1')!.key));
      }),
  },
];

const [ALPHA, BETA, GAMMA] = [11n, 13n, 17n];
const scalarOfIc = (index: number) => 19n + 4n * BigInt(index);

/** A key as a ceremony without any contribution leaves it: delta is gamma. Its maker knows no trapdoor. */
export function forgeableKey(signalCount: number): VerificationKey {
  return {
    alpha: toAffine1(ALPHA),
    beta: toAffine2(BETA),
    gamma: toAffine2(GAMMA),
    delta: toAffine2(GAMMA),
    ic: Array.from({ length: signalCount + 1 }, (_, index) => toAffine1(scalarOfIc(index))),
  };
}

/** A = alpha, B = beta, C = -vk_x: what anyone can copy out of such a key, for any signals. */
export function forgeWithEqualDelta(...publicSignals: readonly bigint[]): Proof {
  const sum = publicSignals.reduce(
    (total, signal, index) => total + signal * scalarOfIc(index + 1),
    scalarOfIc(0),
  );
  return { a: toAffine1(ALPHA), b: toAffine2(BETA), c: toAffine1(-sum) };
}

/** A bundle whose spot rows are proven by nobody, under such a key. */
function forgeSpotRows(published: Published): Attack {
  const attack = rekey(published, 'spot-1', (key) => {
    Object.assign(key, forgeableKey(key.ic.length - 1));
  });
  const { rho, x } = published.challenges;
  for (const line of [0, 1]) {
    const { L, z } = published.proofs[line]!;
    const signals = [published.commitments[line]!.digest, L, ...parseFieldElements(z), rho, x].map(BigInt);
    published.proofs[line]!.proof = forgeWithEqualDelta(...signals);
  }
  return attack;
}

/** A circuit that its own manifest names and nobody pinned, under a key of the platform's own. */
const unpinned: BundleCase = {
  name: 'a circuit of its own making, whose key only the platform knows',
  code: 'circuit-not-pinned',
  attack: () => {
    const layout: RowLayout = { ...platform.trust.circuits[0]!.parameters, slots: 2 };
    const keys = new Map([...platform.keys, ['spot-2', simulateKey('own', 7)]]);
    const trust = { ...platform.trust, circuits: [...platform.trust.circuits, pinLayout(layout, keys)] };
    const published = publish({ ...platform, keys, trust }, batches, {
      manifest: ({ circuits }) => {
        circuits[4]!.proofCount = 1;
      },
    });
    resign(platform, published);
    return { source: toSource(published) };
  },
};

export const KEY_CASES: readonly BundleCase[] = [...otherKeys, ...layouts, ...trusts, ...weakKeys, unpinned];
