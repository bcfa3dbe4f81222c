import { boundCount, parseDecimal, type Manifest, type ReconciliationSummary } from '../../protocol/index.js';
import type { Snapshot } from './load-snapshot.js';
import type { ReconciledBooks } from './snapshot-file.js';

/** What a manifest states of a snapshot: everything but its circuits and what is committed to. */
export type StatedSnapshot = Omit<
  Manifest,
  'format' | 'profile' | 'indexBits' | 'circuits' | 'commitmentsHash'
>;

/** What the platform says of a snapshot besides. */
export type ClaimOptions = Pick<StatedSnapshot, 'previousManifestHash' | 'leastDistanceMs'> & {
  /** What it covers, for its readers; what it covers by its sources where nothing is said. */
  readonly included?: string;
  readonly excluded: readonly string[];
};

/** What is said of a price whose source nobody gave. */
const NO_SOURCE = 'not stated';

/**
 * What is published of a sealed snapshot. Counts that would tell how many accounts there are stand by their power of two,
 * roundings in whole proof units, rounded up.
 */
export function stateSnapshot(snapshot: Snapshot, options: ClaimOptions): StatedSnapshot {
  const { platform, takenAt, quote, scale, totals, writeOffs, maxMarkAgeMs } = snapshot;
  return {
    platform,
    takenAt,
    leastDistanceMs: options.leastDistanceMs,
    quote,
    scope: { included: options.included ?? describeScope(snapshot), excluded: [...options.excluded] },
    snapshotHash: snapshot.hash,
    previousManifestHash: options.previousManifestHash,
    scale,
    assets: snapshot.assets.map(({ symbol, decimals, price, collateralRatio, ...pricing }) => ({
      ...{ symbol, decimals, price, collateralRatio },
      priceSource: pricing.priceSource ?? NO_SOURCE,
      pricedAt: pricing.pricedAt,
      maxPriceAgeMs: pricing.maxPriceAgeMs,
    })),
    maxMarkAgeMs,
    totals: totals.map(({ asset, equity, debt }) => ({ asset, equity, debt })),
    rounding: stateRounding(snapshot),
    writeOffs: {
      accountsBelow: boundCount(writeOffs.accounts),
      debts: writeOffs.debts.map(({ asset, debt }) => ({ asset, debt })),
    },
    reconciliation: snapshot.reconciliation && stateReconciliation(snapshot.reconciliation),
  };
}

/** What a snapshot covers where its platform says nothing else. */
function describeScope({ configurationSha256 }: Snapshot): string {
  return configurationSha256 === null
    ? 'all accounts of the balance file'
    : 'all accounts of users in the platform’s books';
}

/** In the order of assets; one that nothing was rounded in is left out. */
function stateRounding({ rounding }: Snapshot): StatedSnapshot['rounding'] {
  return rounding
    .map(({ asset, equity, debt }) => ({ asset, equity: roundUp(equity), debt: roundUp(debt) }))
    .filter(({ equity, debt }) => equity !== '0' || debt !== '0');
}

function roundUp(decimal: string): string {
  const { coefficient, fractionDigits } = parseDecimal(decimal);
  const unit = 10n ** BigInt(fractionDigits);
  return ((coefficient + unit - 1n) / unit).toString();
}

/**
 * Every pair of account and asset and every asset that the books name is compared, where they are compared at all; of
 * instruments those that are declared netted.
 */
function stateReconciliation({ compared, acceptedBreaks }: ReconciledBooks): ReconciliationSummary {
  return {
    compared: {
      balances: compared.balances === null ? null : 'all',
      control: compared.control === null ? null : 'all',
      positions: compared.positions === null ? null : boundCount(compared.positions),
    },
    acceptedBreaks: acceptedBreaks.map(({ kind, asset, count, difference, magnitude }) => ({
      kind,
      asset,
      countBelow: boundCount(count),
      difference,
      magnitude,
    })),
  };
}
