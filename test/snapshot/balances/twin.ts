import {
  computeNetValue,
  derivePriceTable,
  formatDecimal,
  parseDecimal,
  scaleDown,
  scaleUp,
  type Account,
  type Decimal,
  type Holding,
  type PricedAsset,
} from '../../../src/protocol/index.js';

/** A row of a random balances.csv. */
export type TwinRow = {
  readonly userId: string;
  readonly assetIndex: number;
  readonly equity: string;
  readonly debt: string;
};

/** What a snapshot of the rows must be, worked out row by row in bigints. Debts of accounts under water are dropped. */
export function deriveTwin(assets: readonly PricedAsset[], rows: readonly TwinRow[]) {
  const { prices } = derivePriceTable(assets);
  const equityRounding = assets.map(() => 0n);
  const debtRounding = assets.map(() => 0n);
  const users = new Map<string, Holding[]>();
  for (const { userId, assetIndex, equity, debt } of rows) {
    const { decimals } = assets[assetIndex]!;
    const equityUnits = scaleUp(parseDecimal(equity), decimals);
    const debtUnits = scaleDown(parseDecimal(debt), decimals).units;
    equityRounding[assetIndex]! += fine(units(equityUnits, decimals)) - fine(parseDecimal(equity));
    debtRounding[assetIndex]! += fine(parseDecimal(debt)) - fine(units(debtUnits, decimals));
    users.set(userId, [...(users.get(userId) ?? []), { assetIndex, equityUnits, debtUnits }]);
  }
  const writtenOff = assets.map(() => 0n);
  let writtenOffAccounts = 0;
  const accounts: Account[] = [...users].map(([userId, stated]) => {
    const isUnderwater = computeNetValue(prices, stated) < 0n;
    if (isUnderwater) writtenOffAccounts += 1;
    const holdings = stated.map((holding) => {
      if (!isUnderwater) return holding;
      writtenOff[holding.assetIndex]! += holding.debtUnits;
      return { ...holding, debtUnits: 0n };
    });
    return { userId, holdings: holdings.filter(isHeld).sort((a, b) => a.assetIndex - b.assetIndex) };
  });
  accounts.sort((a, b) => Buffer.compare(Buffer.from(a.userId), Buffer.from(b.userId)));
  const sum = (pick: (holding: Holding) => bigint) => (_: PricedAsset, index: number) =>
    accounts
      .flatMap(({ holdings }) => holdings.filter(({ assetIndex }) => assetIndex === index))
      .reduce((total, holding) => total + pick(holding), 0n);
  const equities = assets.map(sum(({ equityUnits }) => equityUnits));
  const debts = assets.map(sum(({ debtUnits }) => debtUnits));
  return {
    accounts,
    totals: assets.map(({ symbol }, at) => ({
      asset: symbol,
      equity: String(equities[at]),
      debt: String(debts[at]),
    })),
    rounding: assets.map(({ symbol, decimals }, at) => ({
      asset: symbol,
      equity: unitsOf(equityRounding[at]!, decimals),
      debt: unitsOf(debtRounding[at]!, decimals),
    })),
    writeOffs: {
      accounts: writtenOffAccounts,
      debts: assets
        .map(({ symbol }, at) => ({ asset: symbol, debt: String(writtenOff[at]) }))
        .filter(({ debt }) => debt !== '0'),
    },
  };
}

const FINE_DIGITS = 60;

/** A decimal in units of 10^-60, which hold every decimal here. */
function fine({ coefficient, fractionDigits }: Decimal): bigint {
  return coefficient * 10n ** BigInt(FINE_DIGITS - fractionDigits);
}

function units(coefficient: bigint, decimals: number): Decimal {
  return { coefficient, fractionDigits: decimals };
}

/** A sum in units of 10^-60 of the whole unit, as proof units and their fractions. */
function unitsOf(sum: bigint, decimals: number): string {
  return formatDecimal({ coefficient: sum, fractionDigits: FINE_DIGITS - decimals });
}

function isHeld({ equityUnits, debtUnits }: Holding): boolean {
  return equityUnits > 0n || debtUnits > 0n;
}
