import { generateKeyPairSync, sign } from 'node:crypto';

import {
  bytesToHex,
  deriveTag,
  formatManifestHash,
  hashManifest,
  MANIFEST_FORMAT,
  parseManifest,
  encodeJsonLine,
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
  const batch = {
    kind: 'spot',
    assets: 1,
    indexBits: 1,
    users: 2,
    slots: 1,
    netBits: 0,
    depth: 1,
    arity: 16,
  } as const;
  const aggregate = { kind: 'aggregate', assets: 1, children: 2, arity: 16 } as const;
  const point = ['1', '2'] as [string, string];
  const verificationKey = {
    alpha: point,
    beta: [point, point] as [typeof point, typeof point],
    gamma: [point, point] as [typeof point, typeof point],
    delta: [point, point] as [typeof point, typeof point],
    ic: [point, point],
  };
  const circuits = [batch, aggregate].map((parameters, index) => ({
    name: index === 0 ? 'spot-1' : 'aggregate',
    parameters,
    tag: deriveTag(parameters).toString(),
    fingerprint: 'ab'.repeat(32),
    provenance: { kind: 'insecure-development' as const },
    verificationKey,
    proofCount: 1,
  }));
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    platform: 'Example Exchange',
    takenAt: '2026-01-31T00:00:00Z',
    quote: 'USD',
    scope: { included: 'all accounts', excluded: [] },
    snapshotHash: 'cd'.repeat(32),
    previousManifestHash: null,
    scale: 30,
    assets: [
      { symbol: 'BTC', decimals: 8, price: '1', collateralRatio: '1', priceSource: 'test', pricedAt: null },
    ],
    profile: 'test',
    circuits,
    totals: [{ asset: 'BTC', equity: '1', debt: '0' }],
    rounding: [],
    writeOffs: { accounts: 0, debts: [] },
    reconciliation: null,
    top: { digest: '1', root: '2', blind: '3' },
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
