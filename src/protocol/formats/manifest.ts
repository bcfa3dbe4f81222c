import { z } from 'zod';

import { bytesToHex, hashLabelled, int248 } from '../bytes.js';
import { encodeCanonicalJson } from '../canonical-json.js';
import type { FieldElement } from '../field.js';
import { pinnedCircuit } from './circuits.js';
import { parsePublished } from './parse.js';
import * as p from './primitives.js';
import { PUBLISHED_FILES } from './published-files.js';
import { reconciliation } from './reconciliation.js';

export const MANIFEST_FORMAT = PUBLISHED_FILES.manifest.format;
const MAX_ASSETS = 1024;

const assetTotal = z.strictObject({ asset: p.assetSymbol, equity: p.grandTotal, debt: p.grandTotal });

/** The schema of a manifest. */
export const manifestSchema = z.strictObject({
  format: z.literal(MANIFEST_FORMAT),
  platform: p.name,
  takenAt: p.instant,
  quote: p.assetSymbol,
  scope: z.strictObject({ included: p.prose, excluded: z.array(p.prose).max(100) }),
  snapshotHash: p.sha256Hex,
  previousManifestHash: p.sha256Hex.nullable(),
  scale: p.scale,
  assets: z
    .array(
      z.strictObject({
        symbol: p.assetSymbol,
        decimals: p.unitDecimals,
        price: p.statedDecimal,
        collateralRatio: p.ratio,
        priceSource: p.prose,
        pricedAt: p.instant.nullable(),
      }),
    )
    .min(1)
    .max(MAX_ASSETS),
  profile: p.profileName,
  circuits: z
    .array(
      z.strictObject({
        ...pinnedCircuit.shape,
        verificationKey: p.verificationKey,
        proofCount: p.count,
      }),
    )
    .min(2)
    .max(32),
  totals: z.array(assetTotal).min(1).max(MAX_ASSETS),
  rounding: z
    .array(z.strictObject({ asset: p.assetSymbol, equity: p.nonNegativeDecimal, debt: p.nonNegativeDecimal }))
    .max(MAX_ASSETS),
  writeOffs: z.strictObject({
    accounts: p.count,
    debts: z.array(z.strictObject({ asset: p.assetSymbol, debt: p.grandTotal })).max(MAX_ASSETS),
  }),
  reconciliation: reconciliation.nullable(),
  top: z.strictObject({ digest: p.fieldElement, root: p.fieldElement, blind: p.fieldElement }),
});

/**
 * What a platform states about one snapshot, and signs. `context` of every aggregate proof is made from its hash.
 * Amounts are decimal strings of proof units; `rounding` is in proof units and their fractions.
 * `pricedAt` is the instant of the price in force, null where nobody stated it; `reconciliation` is null where the
 * snapshot was made of stated balances alone.
 */
export type Manifest = z.infer<typeof manifestSchema>;

/** Reads `manifest.json`. @throws SolventError of class `format`: not canonical, or not this schema. */
export function parseManifest(bytes: Uint8Array): Manifest {
  return parsePublished('manifest', manifestSchema, bytes);
}

/** SHA-256("solvent/manifest/v1" ‖ 0 ‖ canonical JSON): the 32 bytes that are signed and published elsewhere. */
export function hashManifest(manifest: Manifest): Uint8Array {
  return hashLabelled(MANIFEST_FORMAT, encodeCanonicalJson(manifest));
}

/** The manifest hash as people compare it: 64 hexadecimal digits. */
export function formatManifestHash(manifest: Manifest): string {
  return bytesToHex(hashManifest(manifest));
}

/** context: the first 248 bits of the manifest hash; a public input of each aggregate. */
export function deriveContext(manifest: Manifest): FieldElement {
  return int248(hashManifest(manifest));
}
