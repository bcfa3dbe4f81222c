import {
  BASE_FIELD_MODULUS,
  deriveTag,
  fingerprintKey,
  hexToBytes,
  bytesToHex,
  type Proof,
  type Trust,
  type VerificationKey,
} from '../../src/protocol/index.js';
import { OUTSIDE_SUBGROUP } from '../../src/verifier/pairing/curve.js';
import { toAffine1, toAffine2 } from './simulated-key.js';
import {
  makeCeremony,
  makePlatform,
  publish,
  resign,
  sign,
  toSource,
  type Platform,
  type Published,
} from './world.js';
import { platform, tree, type Attack, type BundleCase } from './case.js';

/** The order of the group that Ed25519 signs in (RFC 8032). */
const ED25519_ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const stranger = makePlatform('stranger');

/** Gives one circuit another key, in the manifest and in the trust file alike: the ceremony itself is the liar. */
function rekey(published: Published, name: string, change: (key: VerificationKey) => void): Attack {
  const trust = structuredClone(platform.trust);
  const circuit = published.manifest.circuits.find((entry) => entry.name === name)!;
  const pin = trust.circuits.find((entry) => entry.name === name)!;
  change(circuit.verificationKey);
  pin.fingerprint = fingerprintKey(deriveTag(pin.parameters), circuit.verificationKey);
  circuit.fingerprint = pin.fingerprint;
  resign(platform, published);
  return { trust };
}

const weakKey = (
  name: string,
  code: BundleCase['code'],
  change: (key: VerificationKey) => void,
): BundleCase => ({
  name: `pinned key: ${name}`,
  code,
  attack: (published) => rekey(published, 'margin-2', change),
});

const unsigned: BundleCase[] = [
  {
    name: 'one bit of the signature changed',
    code: 'signature-invalid',
    attack: ({ signature }) => {
      const bytes = hexToBytes(signature.signature);
      bytes[40]! ^= 1;
      signature.signature = bytesToHex(bytes);
      return undefined;
    },
  },
  {
    name: 'another encoding of the same signature: S plus the group order',
    code: 'signature-invalid',
    attack: ({ signature }) => {
      const bytes = hexToBytes(signature.signature);
      const s = BigInt(`0x${bytesToHex(bytes.slice(32).reverse())}`) + ED25519_ORDER;
      bytes.set(hexToBytes(s.toString(16).padStart(64, '0')).reverse(), 32);
      signature.signature = bytesToHex(bytes);
      return undefined;
    },
  },
  {
    name: 'a signature by a stranger, under the stranger’s key',
    code: 'signing-key-not-pinned',
    attack: (published) => {
      published.signature = sign(stranger, published.manifest);
      return undefined;
    },
  },
  {
    name: 'a signature by a stranger, who names the pinned key',
    code: 'signature-invalid',
    attack: (published) => {
      const { signature } = sign(stranger, published.manifest);
      published.signature = { ...published.signature, signature };
      return undefined;
    },
  },
  {
    name: 'the signature of another manifest',
    code: 'signature-invalid',
    attack: (published) => {
      const other = structuredClone(published.manifest);
      other.takenAt = '2026-06-29T00:00:00Z';
      published.signature = sign(platform, other);
      return undefined;
    },
  },
  {
    name: 'a signature under a pinned key of small order, which signs everything',
    code: 'signature-invalid',
    attack: (published) => {
      const identity = `01${'00'.repeat(31)}`;
      published.signature = {
        ...published.signature,
        publicKey: identity,
        signature: `${identity}${'00'.repeat(32)}`,
      };
      return { trust: { ...platform.trust, signingKey: identity } };
    },
  },
  {
    name: 'another manifest than the one that others were shown',
    code: 'manifest-hash-differs',
    attack: () => ({ options: { manifestHash: 'ab'.repeat(32) } }),
  },
  {
    name: 'another manifest than the one that others were shown, and no trust file',
    code: 'manifest-hash-differs',
    attack: () => ({ trust: undefined, options: { manifestHash: 'ab'.repeat(32) } }),
  },
  {
    name: 'a manifest that does not follow the previous one',
    code: 'previous-manifest-differs',
    attack: () => ({ options: { previousManifestHash: 'ab'.repeat(32) } }),
  },
  {
    name: 'a first manifest where one was published before',
    code: 'previous-manifest-differs',
    attack: (published) => {
      published.manifest.previousManifestHash = null;
      resign(platform, published);
      return { options: { previousManifestHash: 'cd'.repeat(32) } };
    },
  },
  { name: 'no trust file', code: 'trust-missing', attack: () => ({ trust: undefined }) },
];

const otherKeys: BundleCase[] = [
  {
    name: 'development keys that nobody allowed',
    code: 'development-keys',
    attack: () => ({ options: { allowDevelopmentKeys: false } }),
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
      return { source: toSource(publish(signedByPlatform, { nodes: Object.values(tree), top: tree.top })) };
    },
  },
  {
    name: 'the keys of two circuits swapped, with their fingerprints stated as pinned',
    code: 'key-fingerprint-differs',
    attack: (published) => {
      const [first, second] = published.manifest.circuits as [Circuit, Circuit];
      [first.verificationKey, second.verificationKey] = [second.verificationKey, first.verificationKey];
      resign(platform, published);
      return undefined;
    },
  },
  {
    name: 'a fingerprint stated that is not the key’s',
    code: 'key-fingerprint-differs',
    attack: (published) => {
      published.manifest.circuits[0]!.fingerprint = 'ef'.repeat(32);
      resign(platform, published);
      return undefined;
    },
  },
  {
    name: 'another profile',
    code: 'profile-not-pinned',
    attack: (published) => {
      published.manifest.profile = 'standard';
      resign(platform, published);
      return undefined;
    },
  },
  {
    name: 'a circuit less than pinned',
    code: 'circuit-missing',
    attack: () => {
      const nodes = Object.values(tree);
      const edit = (manifest: Published['manifest']) => {
        manifest.circuits = manifest.circuits.filter(({ name }) => name !== 'spot-3');
      };
      const published = publish(platform, { nodes, top: tree.top, edit });
      published.batches = published.batches.filter(({ circuit }) => circuit !== 'spot-3');
      return { source: toSource(published) };
    },
  },
  {
    name: 'a circuit more than pinned',
    code: 'circuit-not-pinned',
    attack: () => ({ trust: withPins((pins) => pins.filter(({ name }) => name !== 'spot-3')) }),
  },
  {
    name: 'index bits read as one more than were proven, under a tag to match',
    code: 'circuit-parameters-differ',
    attack: (published) => {
      const circuit = published.manifest.circuits[0]!;
      Object.assign(circuit.parameters, { indexBits: 3 });
      circuit.tag = deriveTag(circuit.parameters).toString();
      circuit.fingerprint = fingerprintKey(deriveTag(circuit.parameters), circuit.verificationKey);
      resign(platform, published);
      return undefined;
    },
  },
  {
    name: 'keys stated to be made in another way than pinned',
    code: 'key-provenance-differs',
    attack: () => ({
      trust: withPins((pins) => pins.map((pin) => ({ ...pin, provenance: makeCeremony({}) }))),
    }),
  },
  {
    name: 'a trust file whose tags are not of its parameters',
    code: 'trust-inconsistent',
    attack: () => ({ trust: withPins((pins) => pins.map((pin) => ({ ...pin, tag: '1' }))) }),
  },
  {
    name: 'a trust file that pins a circuit twice',
    code: 'trust-inconsistent',
    attack: () => ({ trust: withPins((pins) => [...pins, pins[0]!]) }),
  },
];

const weakKeys: BundleCase[] = [
  weakKey('one point of ic less than signals', 'key-signal-count-differs', (key) => {
    key.ic.pop();
  }),
  weakKey('one point of ic more than signals', 'key-signal-count-differs', (key) => {
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
  weakKey('beta outside the subgroup', 'key-point-not-in-subgroup', (key) => {
    key.beta = OUTSIDE_SUBGROUP;
  }),
  weakKey('delta at infinity', 'key-point-at-infinity', (key) => {
    key.delta = [
      ['0', '0'],
      ['0', '0'],
    ];
  }),
  weakKey('a point of ic at infinity, whose signal is free', 'key-point-at-infinity', (key) => {
    key.ic[2] = ['0', '0'];
  }),
  weakKey('delta equal to beta', 'key-forgeable', (key) => {
    key.delta = key.beta;
  }),
  weakKey('gamma opposite to delta', 'key-forgeable', (key) => {
    const [x, [real, imaginary]] = key.delta;
    const negate = (part: string) => (BASE_FIELD_MODULUS - BigInt(part)).toString();
    key.gamma = [x, [negate(real), negate(imaginary)]];
  }),
  weakKey('two equal points of ic', 'key-forgeable', (key) => {
    key.ic[2] = key.ic[1]!;
  }),
  {
    name: 'pinned key: delta equal to gamma, and a proof that it accepts made without a witness',
    code: 'key-forgeable',
    attack: (published) => {
      const attack = rekey(published, 'spot-2', (key) => {
        Object.assign(key, forgeableKey());
      });
      for (const batch of published.batches.filter(({ circuit }) => circuit === 'spot-2')) {
        batch.proof = forgeWithEqualDelta(BigInt(batch.digest));
      }
      return attack;
    },
  },
  {
    name: 'pinned key: the same for two circuits',
    code: 'key-shared',
    attack: (published) =>
      rekey(published, 'spot-3', (key) => {
        Object.assign(key, platform.keys.get('spot-2')!.key);
      }),
  },
];

type Circuit = Published['manifest']['circuits'][number];

function withPins(change: (pins: Trust['circuits']) => Trust['circuits']): Trust {
  return { ...platform.trust, circuits: change(structuredClone(platform.trust.circuits)) };
}

const [ALPHA, BETA, GAMMA, IC0, IC1] = [11n, 13n, 17n, 19n, 23n];

/** A key as a phase 2 without any contribution leaves it: delta is gamma. Its maker knows no trapdoor. */
export function forgeableKey(): VerificationKey {
  return {
    alpha: toAffine1(ALPHA),
    beta: toAffine2(BETA),
    gamma: toAffine2(GAMMA),
    delta: toAffine2(GAMMA),
    ic: [toAffine1(IC0), toAffine1(IC1)],
  };
}

/** A = alpha, B = beta, C = −vk_x: what anyone can copy out of the key. */
export function forgeWithEqualDelta(digest: bigint): Proof {
  return { a: toAffine1(ALPHA), b: toAffine2(BETA), c: toAffine1(-(IC0 + digest * IC1)) };
}

export const KEY_CASES: readonly BundleCase[] = [...unsigned, ...otherKeys, ...weakKeys];
