import { ed25519 } from '@noble/curves/ed25519.js';

import {
  bytesToHex,
  deriveCircuitTag,
  fingerprintKey,
  hashLabelled,
  hashManifest,
  int248,
  nameOfLayout,
  NET_BITS,
  publicSignalCount,
  SIGNATURE_FORMAT,
  signedMessage,
  TRUST_FORMAT,
  utf8ToBytes,
  type FieldElement,
  type KeyProvenance,
  type Manifest,
  type ManifestSignature,
  type RowLayout,
  type Trust,
} from '../../src/protocol/index.js';
import { simulateKey, startSimulation, type SimulatedKey } from './simulated-key.js';

await startSimulation();

/** B of all circuits of the world. */
export const INDEX_BITS = 3;

const layOut = (
  kind: RowLayout['kind'],
  [slots, rows, groupRows]: readonly [number, number, number],
): RowLayout => ({
  kind,
  indexBits: INDEX_BITS,
  rows,
  slots,
  netBits: kind === 'margin' ? NET_BITS : 0,
  groupRows,
});

/** Layouts of a few rows: short last groups, a row of two words, and two circuits with as many signals. */
export const SPOT_1 = layOut('spot', [1, 5, 3]);
export const SPOT_3 = layOut('spot', [3, 4, 2]);
export const MARGIN_3 = layOut('margin', [3, 5, 2]);
export const MARGIN_4 = layOut('margin', [4, 2, 1]);
export const LAYOUTS: readonly RowLayout[] = [SPOT_1, SPOT_3, MARGIN_3, MARGIN_4];

/** What one platform has: keys of its circuits, a signing key, and the trust file that pins both. */
export type Platform = {
  readonly keys: ReadonlyMap<string, SimulatedKey>;
  readonly signingSecret: Uint8Array;
  readonly trust: Trust;
};

/** A field element that a label gives, always the same. */
export function pick(label: string): FieldElement {
  return int248(hashLabelled('solvent/test/v1', utf8ToBytes(label)));
}

/** A platform whose keys follow from a seed, but for what `fix` says of their trapdoors. */
export function makePlatform(
  seed: string,
  layouts: readonly RowLayout[] = LAYOUTS,
  fix: (circuit: string) => Parameters<typeof simulateKey>[2] = () => ({}),
): Platform {
  const keys = new Map(
    layouts.map((layout) => {
      const name = nameOfLayout(layout);
      return [name, simulateKey(`${seed} ${name}`, publicSignalCount(layout), fix(name))] as const;
    }),
  );
  const signingSecret = hashLabelled('solvent/test/v1', utf8ToBytes(`${seed} signing key`));
  const trust: Trust = {
    format: TRUST_FORMAT,
    platform: 'Example Exchange',
    profile: 'tiny',
    signingKey: bytesToHex(ed25519.getPublicKey(signingSecret)),
    indexBits: layouts[0]!.indexBits,
    circuits: layouts.map((parameters) => pinLayout(parameters, keys)),
  };
  return { keys, signingSecret, trust };
}

/** What a trust file says of one circuit. */
export function pinLayout(parameters: RowLayout, keys: Platform['keys']): Trust['circuits'][number] {
  const name = nameOfLayout(parameters);
  const tag = deriveCircuitTag(parameters);
  return {
    name,
    parameters,
    tag: tag.toString(),
    fingerprint: fingerprintKey(tag, keys.get(name)!.key),
    provenance: { kind: 'insecure-development' },
  };
}

/** A ceremony as a manifest states it, with one thing changed. */
export function makeCeremony(
  change: Partial<Extract<KeyProvenance, { kind: 'ceremony' }>> = {},
): KeyProvenance {
  return {
    kind: 'ceremony',
    contributions: 3,
    signers: 2,
    beacon: 'drand round 1',
    powersOfTau: { source: 'perpetual-powers-of-tau', blake2b: 'ab'.repeat(64) },
    transcriptHash: 'cd'.repeat(32),
    ...change,
  };
}

/** The platform's signature of a manifest. */
export function sign({ signingSecret, trust }: Platform, manifest: Manifest): ManifestSignature {
  const signature = ed25519.sign(signedMessage(hashManifest(manifest)), signingSecret);
  return {
    format: SIGNATURE_FORMAT,
    algorithm: 'ed25519',
    publicKey: trust.signingKey,
    signature: bytesToHex(signature),
  };
}
