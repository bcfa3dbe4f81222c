import type { Scratch, Snapshot } from '../../snapshot/index.js';

export const RISK_FORMAT = 'solvent/risk/v1';

/** One cell of the grid; shortfalls are in the quote currency. */
export type GridCell = {
  readonly priceChange: number;
  readonly volatilityShift: number;
  readonly underWater: number;
  readonly shortfall: number;
  /** What isolated positions lost beyond their margin, where that is not owed. */
  readonly isolatedShortfall: number;
};

/** What is said of a snapshot's risk as a whole; numbers are approximate, and written as decimals. */
export type RiskSummary = {
  readonly format: typeof RISK_FORMAT;
  readonly platform: string;
  readonly takenAt: string;
  readonly snapshotHash: string;
  readonly quote: string;
  /** The assets whose prices a shock moves, all by the same share. */
  readonly moving: readonly string[];
  /** The instruments that keep their price: without a volatility, stated or implied, or expired. */
  readonly unshocked: readonly string[];
  /** The options whose volatility is not stated, but implied by their mark. */
  readonly impliedVolatility: readonly string[];
  readonly insurance: string;
  readonly grid: readonly {
    readonly priceChange: string;
    readonly volatilityShift: string;
    readonly underWater: number;
    readonly shortfall: string;
    readonly isolatedShortfall: string;
  }[];
  readonly cover: Readonly<
    Record<'users' | 'withDebt' | 'underWater' | 'thin' | 'endsBelow' | 'endsAbove', number>
  >;
  readonly greeks: readonly {
    readonly underlying: string;
    readonly expiry: string | null;
    readonly delta: string;
    readonly gamma: string;
    readonly vega: string;
    readonly theta: string;
  }[];
  readonly concentration: readonly {
    readonly kind: 'asset' | 'instrument';
    readonly name: string;
    readonly holders: number;
    readonly largest: string;
    readonly tenLargest: string;
    readonly herfindahl: string;
  }[];
};

type Inputs = {
  readonly snapshot: Snapshot;
  readonly cells: readonly GridCell[];
  readonly moving: readonly string[];
  readonly unshocked: readonly string[];
  readonly impliedVolatility: readonly string[];
  /** Where the accounts of the house are, for a query. */
  readonly housePattern: string;
};

export async function summarizeRisk(scratch: Scratch, inputs: Inputs): Promise<RiskSummary> {
  const { snapshot, cells, moving, unshocked, impliedVolatility, housePattern } = inputs;
  const select = (name: string, parts = {}) => scratch.select(`analysis/risk/${name}`, parts);
  const [insurance] = await select('select-insurance', { house_pattern: housePattern });
  const [cover] = await select('select-cover-summary');
  const fixed = (value: unknown, digits: number) => (value as number).toFixed(digits);
  return {
    format: RISK_FORMAT,
    platform: snapshot.platform,
    takenAt: snapshot.takenAt,
    snapshotHash: snapshot.hash,
    quote: snapshot.quote,
    moving,
    unshocked,
    impliedVolatility,
    insurance: fixed(insurance!.held, 2),
    grid: cells.map(({ priceChange, volatilityShift, underWater, shortfall, isolatedShortfall }) => ({
      priceChange: priceChange.toFixed(2),
      volatilityShift: volatilityShift.toFixed(2),
      underWater,
      shortfall: shortfall.toFixed(2),
      isolatedShortfall: isolatedShortfall.toFixed(2),
    })),
    cover: {
      users: Number(cover!.users),
      withDebt: Number(cover!.with_debt),
      underWater: Number(cover!.under_water),
      thin: Number(cover!.thin),
      endsBelow: Number(cover!.ends_below),
      endsAbove: Number(cover!.ends_above),
    },
    greeks: (await select('select-greeks')).map((row) => ({
      underlying: row.underlying as string,
      expiry: row.expiry as string | null,
      delta: fixed(row.delta, 6),
      gamma: fixed(row.gamma, 8),
      vega: fixed(row.vega, 2),
      theta: fixed(row.theta, 2),
    })),
    concentration: (await select('select-concentration')).map((row) => ({
      kind: row.kind as 'asset' | 'instrument',
      name: row.name as string,
      holders: Number(row.holders),
      largest: fixed(row.largest, 4),
      tenLargest: fixed(row.ten_largest, 4),
      herfindahl: fixed(row.herfindahl, 4),
    })),
  };
}
