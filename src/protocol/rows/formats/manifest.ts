import { z } from 'zod';

import { bytesToHex } from '../../bytes.js';
import { encodeCanonicalJson, parseJsonLine } from '../../canonical-json.js';
import { parseSchema } from '../../formats/parse.js';
import * as p from '../../formats/primitives.js';
import { hashManifestJson } from '../challenges.js';
import { isOneCircuitSet, MAX_CIRCUITS, pinnedRowCircuit } from './circuits.js';
import { countBelow, durationMs, verificationKey } from './primitives.js';
import { boundedReconciliation } from './reconciliation.js';

export const ROW_MANIFEST_FORMAT = 'solvent/manifest/v2';
/** 1,024 assets and a dozen keys take a few hundred kilobytes. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_ASSETS = 1024;
/** Batches of one run: with fewer than 2^18 slots of 64 bits each, totals stay below 2^108. */
export const MAX_BATCHES = 1 << 24;

const asset = z
  .strictObject({
    symbol: p.assetSymbol,
    decimals: p.unitDecimals,
    price: p.positiveDecimal,
    collateralRatio: p.ratio,
    priceSource: p.prose,
    pricedAt: p.instant.nullable(),
    maxPriceAgeMs: durationMs.nullable(),
  })
  .refine(
    ({ pricedAt, maxPriceAgeMs }) => (pricedAt === null) === (maxPriceAgeMs === null),
    'expected a maximum age exactly where a price has an instant',
  );

const circuit = z.strictObject({
  ...pinnedRowCircuit.shape,
  verificationKey,
  proofCount: z.int().min(1).max(MAX_BATCHES),
});

const assetTotal = z.strictObject({ asset: p.assetSymbol, equity: p.grandTotal, debt: p.grandTotal });

const schema = z
  .strictObject({
    format: z.literal(ROW_MANIFEST_FORMAT),
    platform: p.name,
    takenAt: p.instant,
    leastDistanceMs: durationMs,
    quote: p.assetSymbol,
    scope: z.strictObject({ included: p.prose, excluded: z.array(p.prose).max(100) }),
    snapshotHash: p.sha256Hex,
    previousManifestHash: p.sha256Hex.nullable(),
    scale: p.scale,
    assets: z.array(asset).min(1).max(MAX_ASSETS),
    maxMarkAgeMs: durationMs.nullable(),
    profile: p.profileName,
    indexBits: z.int().min(1).max(32),
    circuits: z.array(circuit).min(1).max(MAX_CIRCUITS),
    totals: z.array(assetTotal).min(1).max(MAX_ASSETS),
    rounding: z
      .array(z.strictObject({ asset: p.assetSymbol, equity: p.grandTotal, debt: p.grandTotal }))
      .max(MAX_ASSETS),
    writeOffs: z.strictObject({
      accountsBelow: countBelow,
      debts: z.array(z.strictObject({ asset: p.assetSymbol, debt: p.grandTotal })).max(MAX_ASSETS),
    }),
    reconciliation: boundedReconciliation.nullable(),
    commitmentsHash: p.sha256Hex,
  })
  .refine(({ assets }) => new Set(assets.map(({ symbol }) => symbol)).size === assets.length, {
    path: ['assets'],
    error: 'expected distinct assets',
  })
  .refine(({ assets, indexBits }) => assets.length <= 2 ** indexBits, {
    path: ['indexBits'],
    error: 'expected as many index bits as the assets need',
  })
  .refine(isOneCircuitSet, {
    path: ['circuits'],
    error: 'expected circuits of distinct names with the index bits of the manifest',
  })
  .refine(({ circuits }) => circuits.reduce((sum, { proofCount }) => sum + proofCount, 0) <= MAX_BATCHES, {
    path: ['circuits'],
    error: `expected at most ${MAX_BATCHES} batches`,
  })
  .refine(
    ({ assets, totals }) =>
      totals.length === assets.length &&
      totals.every(({ asset: symbol }, index) => symbol === assets[index]!.symbol),
    { path: ['totals'], error: 'expected the totals of all assets in their order' },
  );

/**
 * What a platform states about one snapshot, and signs: every challenge of the run follows from its hash, so it is
 * sealed before the first proof is made. Amounts are decimal strings of proof units; `rounding` is in whole proof units,
 * rounded up. `pricedAt` is the instant of the price in force, null where nobody stated it; `maxPriceAgeMs` and
 * `maxMarkAgeMs` say how old prices and marks may be at `takenAt`; `leastDistanceMs` is the least time between two
 * snapshots; `reconciliation` is null where the snapshot was made of stated balances alone.
 */
export type RowManifest = z.infer<typeof schema>;

/** Reads `manifest.json`. @throws SolventError of class `format`: not canonical, or not this schema. */
export function parseRowManifest(bytes: Uint8Array): RowManifest {
  return parseSchema(schema, ROW_MANIFEST_FORMAT, parseJsonLine(bytes, MAX_MANIFEST_BYTES));
}

/** h: the 32 bytes that are signed, published elsewhere, and that all challenges follow from. */
export function hashRowManifest(manifest: RowManifest): Uint8Array {
  return hashManifestJson(encodeCanonicalJson(manifest));
}

/** The manifest hash as people compare it: 64 hexadecimal digits. */
export function formatRowManifestHash(manifest: RowManifest): string {
  return bytesToHex(hashRowManifest(manifest));
}

/** The canonical JSON of a manifest without `commitmentsHash`: what the content of a run is hashed with. */
export function encodeManifestContent(manifest: Omit<RowManifest, 'commitmentsHash'>): Uint8Array {
  return encodeCanonicalJson({ ...manifest, commitmentsHash: undefined });
}
