import { encodeCanonicalJson, hashLabelled, type Manifest } from '../protocol/index.js';

/** What a snapshot and its manifest both state, before and after it is sealed. */
export type PlannedSnapshot = Pick<Manifest, 'platform' | 'takenAt'> & {
  readonly assets: readonly Pick<
    Manifest['assets'][number],
    'symbol' | 'decimals' | 'price' | 'collateralRatio'
  >[];
};

/**
 * The 32 bytes that a snapshot's random orders come from: sha("solvent/plan-key/v2", canonical JSON of {assets, platform,
 * takenAt}), an asset being its symbol, decimals, price and collateral ratio. Whoever checks a snapshot and whoever proves it
 * come to the same; nobody who holds an account knows it before the prices.
 */
export function derivePlanKey({ platform, takenAt, assets }: PlannedSnapshot): Uint8Array {
  const listed = assets.map(({ symbol, decimals, price, collateralRatio }) => ({
    symbol,
    decimals,
    price,
    collateralRatio,
  }));
  return hashLabelled('solvent/plan-key/v2', encodeCanonicalJson({ assets: listed, platform, takenAt }));
}
