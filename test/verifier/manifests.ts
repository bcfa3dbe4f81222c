import { generateKeyPairSync, sign } from 'node:crypto';

import {
  bytesToHex,
  deriveCircuitTag,
  formatManifestHash,
  hashManifest,
  MANIFEST_FORMAT,
  nameOfLayout,
  parseManifest,
  encodeJsonLine,
  PROFILES,
  SIGNATURE_FORMAT,
  signedMessage,
  type Manifest,
} from '../../src/protocol/index.js';
import type { SigningKey } from '../../src/identity/index.js';
import type { PublishedManifest } from '../../src/verifier/index.js';

/** A new Ed25519 key in memory. */
export function makeSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(x!, 'base64url').toString('hex'),
    sign: (message) => sign(null, message, privateKey),
  };
}

/** A manifest as its schema has it; nothing is proven by it. */
export function inventManifest(changes: Partial<Manifest>): Manifest {
  const parameters = PROFILES.get('tiny')!.layouts[0]!;
  const point = ['1', '2'] as [string, string];
  const verificationKey = {
    alpha: point,
    beta: [point, point] as [typeof point, typeof point],
    gamma: [point, point] as [typeof point, typeof point],
    delta: [point, point] as [typeof point, typeof point],
    ic: [point, point],
  };
  const circuit = {
    name: nameOfLayout(parameters),
    parameters,
    tag: deriveCircuitTag(parameters).toString(),
    fingerprint: 'ab'.repeat(32),
    provenance: { kind: 'insecure-development' as const },
    verificationKey,
    proofCount: 1,
  };
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    platform: 'Example Exchange',
    takenAt: '2026-01-31T00:00:00Z',
    leastDistanceMs: 60_000,
    quote: 'USD',
    scope: { included: 'all accounts', excluded: [] },
    snapshotHash: 'cd'.repeat(32),
    previousManifestHash: null,
    scale: 30,
    assets: [
      {
        ...{ symbol: 'BTC', decimals: 8, price: '1', collateralRatio: '1' },
        ...{ priceSource: 'test', pricedAt: null, maxPriceAgeMs: null },
      },
    ],
    maxMarkAgeMs: null,
    profile: 'tiny',
    indexBits: parameters.indexBits,
    circuits: [circuit],
    totals: [{ asset: 'BTC', equity: '1', debt: '0' }],
    rounding: [],
    writeOffs: { accountsBelow: 1, debts: [] },
    reconciliation: null,
    commitmentsHash: 'ef'.repeat(32),
    ...changes,
  };
  return parseManifest(encodeJsonLine(manifest));
}

/** A manifest signed by a key. */
export function publish(manifest: Manifest, key: SigningKey): PublishedManifest {
  return {
    manifest,
    signature: {
      format: SIGNATURE_FORMAT,
      algorithm: 'ed25519',
      publicKey: key.publicKey,
      signature: bytesToHex(key.sign(signedMessage(hashManifest(manifest)))),
    },
    origin: `bundle of ${manifest.takenAt}`,
  };
}

/** Manifests of month after month, each naming the one before. */
export function inventChain(keys: readonly SigningKey[]): PublishedManifest[] {
  const chain: PublishedManifest[] = [];
  for (const [index, key] of keys.entries()) {
    const before = chain.at(-1)?.manifest;
    const manifest = inventManifest({
      takenAt: `2026-0${index + 1}-28T00:00:00Z`,
      previousManifestHash: before === undefined ? null : formatManifestHash(before),
    });
    chain.push(publish(manifest, key));
  }
  return chain;
}
