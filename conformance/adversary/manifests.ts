import { encodeJsonLine, formatManifestHash, type VerificationKey } from '../../src/protocol/index.js';
import { invertScalar, toAffine1, toAffine2 } from './simulated-key.js';
import {
  makeCeremony,
  makeInclusion,
  publish,
  resign,
  toSource,
  withCeremony,
  type Published,
} from './world.js';
import { platform, tree, type Attack, type BundleCase, type InclusionCase } from './case.js';

const nodes = Object.values(tree);

/** The same instant and totals, signed and proven a second time for other readers. */
function publishForOthers(): Published {
  return publish(platform, {
    nodes,
    top: tree.top,
    edit: (manifest) => {
      manifest.scope.included = 'all spot and margin accounts of the second kind';
    },
  });
}

/** A bundle whose keys are said to be of a ceremony, in the manifest and in the trust file alike. */
function publishUnder(changes: Parameters<typeof makeCeremony>[0]): Attack {
  const liar = withCeremony(platform, makeCeremony(changes));
  return { source: toSource(publish(liar, { nodes, top: tree.top })), trust: liar.trust };
}

const [ALPHA, BETA, GAMMA, IC0, IC1] = [31n, 37n, 41n, 43n, 47n];
/** What a public beacon gives: everyone knows it. */
const BEACON = 0xbeac0n;

/** A key as a beacon alone leaves it: delta is gamma times a number that stands in the newspaper. */
function beaconKey(): VerificationKey {
  return {
    alpha: toAffine1(ALPHA),
    beta: toAffine2(BETA),
    gamma: toAffine2(GAMMA),
    delta: toAffine2(GAMMA * BEACON),
    ic: [toAffine1(IC0), toAffine1(IC1)],
  };
}

export const MANIFEST_CASES: readonly BundleCase[] = [
  {
    name: 'two manifests for one instant, each signed and proven',
    code: 'manifest-hash-differs',
    attack: (published) => ({
      source: toSource(publishForOthers()),
      options: { manifestHash: formatManifestHash(published.manifest) },
    }),
  },
  {
    name: 'a trust file of another hash than the reader has',
    code: 'trust-hash-differs',
    attack: () => ({ options: { trustHash: '0'.repeat(64) } }),
  },
  {
    name: 'a ceremony of a beacon alone',
    code: 'schema-violated',
    attack: () => publishUnder({ contributions: 0, signers: 0 }),
  },
  {
    name: 'a ceremony signed by more keys than there are contributions',
    code: 'schema-violated',
    attack: () => publishUnder({ contributions: 1, signers: 2 }),
  },
  {
    name: 'proofs without a witness under a key that a beacon alone made, stated as the pinned one',
    code: 'key-fingerprint-differs',
    attack: (published) => {
      const circuit = published.manifest.circuits.find(({ name }) => name === 'spot-2')!;
      circuit.verificationKey = beaconKey();
      resign(platform, published);
      for (const batch of published.batches.filter(({ circuit }) => circuit === 'spot-2')) {
        // A = alpha, B = beta and C = -vk_x / beacon satisfy the equation for any digest.
        const c = toAffine1(-(IC0 + BigInt(batch.digest) * IC1) * invertScalar(BEACON));
        batch.proof = { a: toAffine1(ALPHA), b: toAffine2(BETA), c };
      }
      return undefined;
    },
  },
];

export const MANIFEST_INCLUSION_CASES: readonly InclusionCase[] = [
  {
    name: 'a file of a second manifest for the same instant',
    code: 'manifest-hash-differs',
    of: 'bob',
    attack: ({ userId }, published) => {
      const others = publishForOthers();
      const path = [tree.first, tree.left, tree.top];
      return {
        bytes: encodeJsonLine(makeInclusion(platform, others, { userId, path })),
        source: toSource(others),
        options: { manifestHash: formatManifestHash(published.manifest) },
      };
    },
  },
];
