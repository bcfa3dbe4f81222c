import { formatDecimal, MAX_FRACTION_DIGITS, GRAND_TOTAL_BITS } from '../../protocol/index.js';
import type { Scratch } from '../database/scratch.js';
import type { SnapshotFile } from './snapshot-file.js';
import { ProblemList, SourceError } from '../reading/source-problems.js';

/** The sums of one asset over all accounts, in proof units. */
export type AssetTotal = { readonly asset: string; readonly equity: bigint; readonly debt: bigint };

/** What a snapshot publishes of its holdings as a whole. */
export type HoldingSums = Pick<SnapshotFile, 'accountCount' | 'holdingCount' | 'totals' | 'rounding'>;

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
