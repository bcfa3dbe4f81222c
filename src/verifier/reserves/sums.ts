import {
  BALANCE_LEVELS,
  CONTROL_LEVELS,
  countsAt,
  joinKey,
  type BalanceLevel,
  type Levels,
  type ReserveEntry,
  type ReserveTotals,
} from '../../protocol/reserves/index.js';

/** One sum of an asset, in proof units. */
export type LevelSum = Levels & { readonly amountUnits: bigint };

/** What an amount is besides; an amount may be several. */
export const MARKS = ['custodian', 'audited', 'wrapped', 'staked', 'own', 'delegated'] as const;
export type AmountMark = (typeof MARKS)[number];

/** The sums of one asset, in proof units. */
export type AssetSums = {
  readonly asset: string;
  /** Free amounts by their levels, in the order of the levels; those of 0 are left out. */
  readonly cells: readonly LevelSum[];
  readonly encumberedUnits: bigint;
  /** Free amounts that count at a level, of each mark. */
  readonly markedUnits: (level: BalanceLevel, mark: AmountMark) => bigint;
};

/** An entry with what it is counted in. */
export type CountedEntry = {
  readonly entry: Pick<ReserveEntry, 'amount' | 'asset' | 'encumbrance'>;
  /** What it counts as: what it claims, or less where the caller's nodes did not confirm it. */
  readonly levels: Levels;
  /** Decimals of its amount. */
  readonly decimals: number;
  readonly marks: readonly AmountMark[];
};

/** Amounts of one asset in whatever decimals, summed exactly. */
class ExactSum {
  readonly #byDecimals = new Map<number, bigint>();

  add(amount: bigint, decimals: number): void {
    this.#byDecimals.set(decimals, (this.#byDecimals.get(decimals) ?? 0n) + amount);
  }

  /** The sum in units of 10^-decimals, floored once. */
  floor(decimals: number): bigint {
    const finest = Math.max(decimals, ...this.#byDecimals.keys());
    let sum = 0n;
    for (const [own, amount] of this.#byDecimals) sum += amount * 10n ** BigInt(finest - own);
    return sum / 10n ** BigInt(finest - decimals);
  }
}

/** An amount of so many decimals in units of others, floored: what a custodian confirms of it. */
export function floorToUnits(amount: bigint, decimals: number, unitDecimals: number): bigint {
  return (amount * 10n ** BigInt(unitDecimals)) / 10n ** BigInt(decimals);
}

/** Sums the entries of each asset. @param assets in their order, with the decimals of the proof unit. */
export function sumReserves(
  entries: Iterable<CountedEntry>,
  assets: readonly { readonly asset: string; readonly decimals: number }[],
): AssetSums[] {
  const sums = new Map<string, ExactSum>();
  const sumOf = (...key: readonly string[]) => {
    const joined = joinKey(...key);
    let sum = sums.get(joined);
    if (sum === undefined) sums.set(joined, (sum = new ExactSum()));
    return sum;
  };
  for (const { entry, levels, decimals, marks } of entries) {
    const amount = BigInt(entry.amount);
    if (entry.encumbrance !== null) {
      sumOf(entry.asset, 'encumbered').add(amount, decimals);
      continue;
    }
    const { balance, control } = levels;
    sumOf(entry.asset, balance, control).add(amount, decimals);
    for (const mark of marks) sumOf(entry.asset, balance, control, mark).add(amount, decimals);
  }
  return assets.map(({ asset, decimals }) => {
    const read = (...key: readonly string[]) => sums.get(joinKey(asset, ...key))?.floor(decimals) ?? 0n;
    const cells = LEVEL_PAIRS.map((levels) => ({
      ...levels,
      amountUnits: read(levels.balance, levels.control),
    })).filter(({ amountUnits }) => amountUnits > 0n);
    return {
      asset,
      cells,
      encumberedUnits: read('encumbered'),
      markedUnits: (level, mark) =>
        LEVEL_PAIRS.filter((levels) => countsAt(level, levels)).reduce(
          (sum, { balance, control }) => sum + read(balance, control, mark),
          0n,
        ),
    };
  });
}

/** What counts at a level: the sum of the cells that do. */
export function sumAtLevel(cells: readonly LevelSum[], level: BalanceLevel): bigint {
  return cells
    .filter((cell) => countsAt(level, cell))
    .reduce((sum, { amountUnits }) => sum + amountUnits, 0n);
}

/** The totals as `reserves.json` states them: of each asset that has any, sorted. */
export function composeTotals(sums: readonly AssetSums[]): ReserveTotals {
  return sums
    .filter(({ cells, encumberedUnits }) => cells.length > 0 || encumberedUnits > 0n)
    .map(({ asset, cells, encumberedUnits }) => ({
      asset,
      cells: cells.map(({ balance, control, amountUnits }) => ({
        balance,
        control,
        amount: amountUnits.toString(),
      })),
      encumbered: encumberedUnits.toString(),
    }))
    .sort((a, b) => (a.asset < b.asset ? -1 : 1));
}

const LEVEL_PAIRS: readonly Levels[] = BALANCE_LEVELS.flatMap((balance) =>
  CONTROL_LEVELS.map((control) => ({ balance, control })),
);
