import { AMOUNT_BITS, type Holding, type UnitPrice, SIDE, type Side } from '../protocol/index.js';
import { refusePlan } from './errors.js';

/** What an account holds or owes in one asset; what fills one slot, or a part of it. */
export type PlannedHolding = {
  readonly assetIndex: number;
  readonly side: Side;
  /** In the asset's proof units; 0 < units < 2^64. */
  readonly units: bigint;
  /** p of equity, q of debt: what one unit counts for. */
  readonly unitPrice: bigint;
  /** units * unitPrice. */
  readonly value: bigint;
};

/** An account by what its positions do for its cover, each list by rising asset index. */
export type AccountPositions = {
  readonly debts: readonly PlannedHolding[];
  /** Equity that counts as collateral: p > 0. */
  readonly coins: readonly PlannedHolding[];
  /** Equity that counts for nothing: p = 0. */
  readonly idle: readonly PlannedHolding[];
};

const AMOUNT_LIMIT = 1n << BigInt(AMOUNT_BITS);

/**
 * Splits an account into its positions.
 * @param prices of all A listed assets, in their order.
 * @throws SolventError `account-malformed` where holdings are not of listed assets in rising order with amounts from 0
 * to 2^64 - 1 that are not both 0; `account-not-covered` where debt is worth more than collateral.
 */
export function splitAccount(holdings: readonly Holding[], prices: readonly UnitPrice[]): AccountPositions {
  assertHoldings(holdings, prices.length);
  const debts: PlannedHolding[] = [];
  const coins: PlannedHolding[] = [];
  const idle: PlannedHolding[] = [];
  let netValue = 0n;
  for (const { assetIndex, equityUnits, debtUnits } of holdings) {
    const { collateral, full } = prices[assetIndex]!;
    if (equityUnits > 0n) {
      const value = equityUnits * collateral;
      netValue += value;
      const list = collateral > 0n ? coins : idle;
      list.push({ assetIndex, side: SIDE.equity, units: equityUnits, unitPrice: collateral, value });
    }
    if (debtUnits > 0n) {
      const value = debtUnits * full;
      netValue -= value;
      debts.push({ assetIndex, side: SIDE.debt, units: debtUnits, unitPrice: full, value });
    }
  }
  if (netValue < 0n) {
    throw refusePlan('account-not-covered', {
      expected: 'collateral that covers the debt of an account',
      found: 'less',
    });
  }
  return { debts, coins, idle };
}

function assertHoldings(holdings: readonly Holding[], assetCount: number): void {
  let previous = -1;
  for (const { assetIndex, equityUnits, debtUnits } of holdings) {
    const isListed = Number.isSafeInteger(assetIndex) && assetIndex > previous && assetIndex < assetCount;
    if (!isListed || !isAmount(equityUnits) || !isAmount(debtUnits) || equityUnits + debtUnits === 0n) {
      throw refusePlan('account-malformed', {
        expected: 'holdings of listed assets in rising order with amounts below 2^64',
        found: 'others',
      });
    }
    previous = assetIndex;
  }
}

function isAmount(units: bigint): boolean {
  return units >= 0n && units < AMOUNT_LIMIT;
}
