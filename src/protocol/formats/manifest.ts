import { z } from 'zod';

import { bytesToHex } from '../bytes.js';
import { encodeCanonicalJson } from '../canonical-json.js';
import { isCanonicalInstant, parseInstantNs } from '../instant.js';
import { hashManifestJson } from '../rows/challenges.js';
import { isOneCircuitSet, MAX_CIRCUITS, pinnedCircuit } from './circuits.js';
import { parsePublished } from './parse.js';
import * as p from './primitives.js';
import { PUBLISHED_FILES } from './published-files.js';
import { reconciliation } from './reconciliation.js';

export const MANIFEST_FORMAT = PUBLISHED_FILES.manifest.format;
const MAX_ASSETS = 1024;
const NS_PER_MS = 1_000_000n;
/** Batches of one run: with fewer than 2^18 slots of 64 bits each, totals stay below 2^108. */
export const MAX_BATCHES = 1 << 24;

const asset = z
  .strictObject({
    symbol: p.assetSymbol,
    decimals: p.unitDecimals,
    price: p.statedDecimal,
    collateralRatio: p.ratio,
    priceSource: p.prose,
    pricedAt: p.instant.nullable(),
    maxPriceAgeMs: p.durationMs.nullable(),
  })
  .refine(
    ({ pricedAt, maxPriceAgeMs }) => (pricedAt === null) === (maxPriceAgeMs === null),
    'expected a maximum age exactly where a price has an instant',
  );

const circuit = z.strictObject({
  ...pinnedCircuit.shape,
  verificationKey: p.verificationKey,
  proofCount: z.int().min(1).max(MAX_BATCHES),
});

const assetTotal = z.strictObject({ asset: p.assetSymbol, equity: p.grandTotal, debt: p.grandTotal });

const writeOffs = z
  .strictObject({
    accountsBelow: p.countBelow,
    debts: z.array(z.strictObject({ asset: p.assetSymbol, debt: p.grandTotal })).max(MAX_ASSETS),
  })
  .refine(
    ({ accountsBelow, debts }) => accountsBelow > 1 || debts.length === 0,
    'expected no debt written off of no account',
  );

/** The schema of a manifest. */
export const manifestSchema = z
  .strictObject({
    format: z.literal(MANIFEST_FORMAT),
    platform: p.name,
    takenAt: p.instant,
    leastDistanceMs: p.durationMs,
    quote: p.assetSymbol,
    scope: z.strictObject({ included: p.prose, excluded: z.array(p.prose).max(100) }),
    snapshotHash: p.sha256Hex,
    previousManifestHash: p.sha256Hex.nullable(),
    scale: p.scale,
    assets: z.array(asset).min(1).max(MAX_ASSETS),
    maxMarkAgeMs: p.durationMs.nullable(),
    profile: p.profileName,
    indexBits: z.int().min(1).max(32),
    circuits: z.array(circuit).min(1).max(MAX_CIRCUITS),
    totals: z.array(assetTotal).min(1).max(MAX_ASSETS),
    rounding: z.array(assetTotal).max(MAX_ASSETS),
    writeOffs,
    reconciliation: reconciliation.nullable(),
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
    error: 'expected circuits of distinct names and tags with the index bits of the manifest',
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
  )
  .refine(({ assets, rounding }) => areListedInOrder(rounding, assets), {
    path: ['rounding'],
    error: 'expected listed assets in their order, each at most once',
  })
  .refine(({ assets, writeOffs: { debts } }) => areListedInOrder(debts, assets), {
    path: ['writeOffs'],
    error: 'expected listed assets in their order, each at most once',
  })
  .refine(({ assets, takenAt }) => assets.every((priced) => isPriceInForce(priced, takenAt)), {
    path: ['assets'],
    error: 'expected prices from before the snapshot, no older than their greatest age',
  });

/**
 * What a platform states about one snapshot, and signs: every challenge of the run follows from its hash, so it is
 * sealed before the first proof is made. Amounts are decimal strings of proof units; `rounding` is in whole proof units,
 * rounded up. `pricedAt` is the instant of the price in force, null where nobody stated it; `maxPriceAgeMs` and
 * `maxMarkAgeMs` say how old prices and marks may be at `takenAt`; `leastDistanceMs` is the least time between two
 * snapshots; `reconciliation` is null where the snapshot was made of stated balances alone.
 */
export type Manifest = z.infer<typeof manifestSchema>;

/** Reads `manifest.json`. @throws SolventError of class `format`: not canonical, or not this schema. */
export function parseManifest(bytes: Uint8Array): Manifest {
  return parsePublished('manifest', manifestSchema, bytes);
}

/** h: the 32 bytes that are signed, published elsewhere, and that all challenges follow from. */
export function hashManifest(manifest: Manifest): Uint8Array {
  return hashManifestJson(encodeCanonicalJson(manifest));
}

/** The manifest hash as people compare it: 64 hexadecimal digits. */
export function formatManifestHash(manifest: Manifest): string {
  return bytesToHex(hashManifest(manifest));
}

/** The canonical JSON of a manifest without `commitmentsHash`: what the content of a run is hashed with. */
export function encodeManifestContent(manifest: Omit<Manifest, 'commitmentsHash'>): Uint8Array {
  return encodeCanonicalJson({ ...manifest, commitmentsHash: undefined });
}

/** Whether lines are of listed assets, by rising index and each at most once. */
function areListedInOrder(
  lines: readonly { readonly asset: string }[],
  assets: readonly { readonly symbol: string }[],
): boolean {
  const indexes = new Map(assets.map(({ symbol }, index) => [symbol, index]));
  let previous = -1;
  return lines.every(({ asset: symbol }) => {
    const index = indexes.get(symbol) ?? -1;
    const isNext = index > previous;
    previous = index;
    return isNext;
  });
}

/** Whether a price was stated at the snapshot's instant or before, and its age is no greater than it may be. */
function isPriceInForce(
  { pricedAt, maxPriceAgeMs }: Pick<z.infer<typeof asset>, 'pricedAt' | 'maxPriceAgeMs'>,
  takenAt: string,
): boolean {
  if (pricedAt === null || maxPriceAgeMs === null) return true;
  // Instants that are none were refused by their own fields; other refinements still see them.
  if (!isCanonicalInstant(pricedAt) || !isCanonicalInstant(takenAt)) return false;
  const ageNs = parseInstantNs(takenAt) - parseInstantNs(pricedAt);
  return ageNs >= 0n && ageNs <= BigInt(maxPriceAgeMs) * NS_PER_MS;
}
