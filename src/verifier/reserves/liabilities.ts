import type { Trust } from '../../protocol/index.js';
import type { Report } from '../report.js';

/** What is owed of one asset, in its proof units. */
export type OwedAsset = {
  readonly asset: string;
  /** Decimals of the proof unit. */
  readonly decimals: number;
  readonly equityUnits: bigint;
  readonly debtUnits: bigint;
};

/** All that reserves need of a bundle that was verified. */
export type Liabilities = {
  readonly platform: string;
  readonly takenAt: string;
  readonly snapshotHash: string;
  readonly manifestHash: string;
  readonly manifestHashCompared: boolean;
  /** The platform's signing key, as the caller pinned it. */
  readonly signingKey: string;
  /** The hash of the trust file. */
  readonly trustHash: string | null;
  /** Whether the bundle rests on keys that can prove anything. */
  readonly insecure: boolean;
  readonly assets: readonly OwedAsset[];
};

/** How the verification of a bundle ended. */
export type BundleVerdict =
  | { readonly outcome: 'valid'; readonly liabilities: Liabilities }
  | { readonly outcome: 'invalid' | 'unverifiable'; readonly code: string };

/**
 * What reserves take of the report on a bundle, or on an inclusion file, which is valid only where the whole bundle is. The same
 * trust file was given for it.
 */
export function toBundleVerdict(report: Report, trust: Trust | undefined): BundleVerdict {
  const { outcome, valid, code, platform, takenAt, manifestHash, stated } = report;
  if (outcome !== 'valid' || !valid) {
    return { outcome: outcome === 'unverifiable' ? outcome : 'invalid', code };
  }
  if (trust === undefined || stated === null) {
    return { outcome: 'unverifiable', code: 'trust-missing' };
  }
  const decimals = new Map(stated.assets.map((asset) => [asset.symbol, asset.decimals]));
  return {
    outcome: 'valid',
    liabilities: {
      platform: platform!,
      takenAt: takenAt!,
      snapshotHash: stated.snapshotHash,
      manifestHash: manifestHash!,
      manifestHashCompared: report.manifestHashCompared,
      signingKey: trust.signingKey,
      trustHash: report.trustHash,
      insecure: report.insecure,
      assets: report.totals.map(({ asset, equity, debt }) => ({
        asset,
        decimals: decimals.get(asset)!,
        equityUnits: BigInt(equity),
        debtUnits: BigInt(debt),
      })),
    },
  };
}
