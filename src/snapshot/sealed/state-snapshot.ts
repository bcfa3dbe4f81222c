import {
  formatDecimal,
  MAX_FRACTION_DIGITS,
  GRAND_TOTAL_BITS,
  boundCount,
  parseDecimal,
  type Manifest,
  type ReconciliationSummary,
} from '../../protocol/index.js';
import type { Scratch } from '../database/scratch.js';
import { ProblemList, SourceError } from '../reading/source-problems.js';
import type { SnapshotFile, ReconciledBooks } from './snapshot-file.js';
import type { Snapshot } from './load-snapshot.js';

/** The sums of one asset over all accounts, in proof units. */
type AssetTotal = { readonly asset: string; readonly equity: bigint; readonly debt: bigint };

/** What a snapshot publishes of its holdings as a whole. */
type HoldingSums = Pick<SnapshotFile, 'accountCount' | 'holdingCount' | 'totals' | 'rounding'>;

/**
 * Sums up the table `holding`, per listed asset.
 * @param file the name that problems are reported under.
 * @throws SourceError `total-too-large`; `rows-missing` where nobody has an account.
 */
export async function sumHoldings(scratch: Scratch, file: string): Promise<HoldingSums> {
  const rows = (await scratch.select('sealed/select-totals')).map((row) => ({
    asset: row.symbol as string,
    equity: row.equity as bigint,
    debt: row.debt as bigint,
    equityRounding: row.equity_rounding as bigint,
    debtRounding: row.debt_rounding as bigint,
  }));
  assertTotals(rows, file);
  const [counts] = await scratch.select('sealed/count-accounts');
  if (counts!.account_count === 0n) throw refuseNobody(file);
  return {
    accountCount: Number(counts!.account_count),
    holdingCount: Number(counts!.holding_count),
    totals: rows.map(({ asset, equity, debt }) => ({ asset, equity: String(equity), debt: String(debt) })),
    rounding: rows.map(({ asset, equityRounding, debtRounding }) => ({
      asset,
      equity: formatFraction(equityRounding),
      debt: formatFraction(debtRounding),
    })),
  };
}

/**
 * Holds totals to what a manifest can state: below 2^108, which takes 2^44 of the largest amounts.
 * @throws SourceError `total-too-large` for each asset beyond.
 */
export function assertTotals(totals: readonly AssetTotal[], file: string): void {
  const problems = new ProblemList(file);
  const limit = 1n << BigInt(GRAND_TOTAL_BITS);
  for (const { asset, equity, debt } of totals) {
    for (const [column, sum] of Object.entries({ equity, debt })) {
      if (sum < limit) continue;
      const message = `expected a total below 2^${GRAND_TOTAL_BITS} proof units of ${asset}, got more: give the asset fewer decimals`;
      problems.add(1, column, { code: 'total-too-large', message });
    }
  }
  problems.throwIfAny();
}

/** That there is nobody whom anything could be proven to, as where all rows are later than the instant. */
function refuseNobody(file: string): SourceError {
  const message =
    'expected at least one user with an account up to the instant, got none: correct the instant or the sources';
  return new SourceError([{ file, line: 1, column: null, code: 'rows-missing', message }], 1);
}

/** A sum of what was cut off, which the statements count in units of 10^-30 of a proof unit. */
function formatFraction(coefficient: bigint): string {
  return formatDecimal({ coefficient, fractionDigits: MAX_FRACTION_DIGITS });
}

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
