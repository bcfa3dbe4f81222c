import type { ResultRow, Scratch, Snapshot } from '../../snapshot/index.js';
import { refuseAnalysis } from '../errors.js';
import { type AttributedAsset, PARTS, type AttributionPart } from './assets.js';
import type { UnstatedOptions } from './instrument-moves.js';

export const ATTRIBUTION_FORMAT = 'solvent/attribution/v1';

/** The parts of one asset: proof units, and their worth in millionths of the quote currency. */
export type AssetParts = {
  readonly asset: string;
  readonly decimals: number;
  readonly parts: Readonly<Record<AttributionPart, { readonly units: string; readonly quoteMicros: string }>>;
};

/** Values are in the quote currency with six digits; returns are ratios, null where there is none. */
export type AccountReturn = {
  readonly openingValue: string;
  readonly closingValue: string;
  readonly netFlow: string;
  readonly result: string;
  readonly timeWeighted: string | null;
  /** How the time-weighted return was made: of the returns between flows, or by Modified Dietz. */
  readonly method: 'sub-periods' | 'modified-dietz' | null;
  readonly moneyWeighted: string | null;
};

/** What is said of an attribution as a whole, and of one account. */
export type AttributionSummary = {
  readonly format: typeof ATTRIBUTION_FORMAT;
  readonly platform: string;
  readonly quote: string;
  readonly from: { readonly takenAt: string; readonly snapshotHash: string };
  readonly to: { readonly takenAt: string; readonly snapshotHash: string };
  readonly assets: readonly AttributedAsset[];
  /** Accounts, and their buckets and assets, each of which adds up. */
  readonly accountCount: number;
  readonly rowCount: number;
  readonly venue: readonly AssetParts[];
  readonly account: {
    readonly account: string;
    readonly assets: readonly AssetParts[];
    readonly performance: AccountReturn | null;
  } | null;
  readonly performance: {
    readonly accounts: number;
    readonly withReturn: number;
    /** Those of them whose return is that between flows, multiplied; the others' is of Modified Dietz. */
    readonly linked: number;
    readonly gained: number;
    readonly lost: number;
    /** The tenth, fiftieth and ninetieth percentile of the time-weighted returns. */
    readonly percentiles: readonly (string | null)[];
    readonly result: string;
    readonly netFlow: string;
  };
  /** What the market made of options with Greeks, and what these do not explain, by the days that they had to live. */
  readonly explained: readonly {
    readonly mostDays: number;
    readonly positions: number;
    readonly moved: string;
    readonly unexplained: string;
  }[];
  /** The options without Greeks, whose whole change is in the remainder. */
  readonly withoutGreeks: readonly string[];
  /** The options whose volatility is not stated at one of the two ends, but implied by their mark. */
  readonly impliedVolatility: readonly string[];
};

type Inputs = {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly assets: readonly AttributedAsset[];
  readonly unstated: UnstatedOptions;
  readonly account: string | undefined;
};

/** @throws SolventError `account-not-in-snapshot`; `attribution-unequal` of class `invariant`. */
export async function summarize(scratch: Scratch, inputs: Inputs): Promise<AttributionSummary> {
  const { before, after, assets, unstated } = inputs;
  const select = (name: string) => scratch.select(`analysis/${name}`);
  const [counts] = await select('attribution/count-attribution');
  const [spread] = await select('performance/select-performance-summary');
  const explained = await select('attribution/select-explained');
  return {
    format: ATTRIBUTION_FORMAT,
    platform: after.platform,
    quote: after.quote,
    from: { takenAt: before.takenAt, snapshotHash: before.hash },
    to: { takenAt: after.takenAt, snapshotHash: after.hash },
    assets,
    accountCount: Number(counts!.account_count),
    rowCount: Number(counts!.row_count),
    venue: collectParts(await select('attribution/select-asset-parts')),
    account: await summarizeAccount(scratch, inputs.account),
    performance: {
      accounts: Number(spread!.accounts),
      withReturn: Number(spread!.with_return),
      linked: Number(spread!.linked),
      gained: Number(spread!.gained),
      lost: Number(spread!.lost),
      percentiles: [spread!.tenth, spread!.half, spread!.ninetieth].map(formatRatio),
      result: (spread!.result as string | null) ?? '0.000000',
      netFlow: (spread!.net_flow as string | null) ?? '0.000000',
    },
    explained: explained.map((row) => ({
      mostDays: row.most_days as number,
      positions: Number(row.positions),
      moved: (row.moved as number).toFixed(2),
      unexplained: (row.unexplained as number).toFixed(2),
    })),
    withoutGreeks: unstated.withoutGreeks,
    impliedVolatility: unstated.implied,
  };
}

async function summarizeAccount(
  scratch: Scratch,
  stated: string | undefined,
): Promise<AttributionSummary['account']> {
  const [liveliest] = await scratch.select('analysis/attribution/select-liveliest-account');
  const account = stated ?? (liveliest?.account as string | undefined);
  if (account === undefined) return null;
  await scratch.set('account', account);
  const rows = await scratch.select('analysis/attribution/select-account-parts');
  if (rows.length === 0) {
    throw refuseAnalysis(
      'account-not-in-snapshot',
      'expected an account that has something in either snapshot, got another: give it just as the books have it',
    );
  }
  const [found] = await scratch.select('analysis/performance/select-account-performance');
  return {
    account,
    assets: collectParts(rows),
    performance:
      found === undefined
        ? null
        : {
            openingValue: found.opening_value as string,
            closingValue: found.closing_value as string,
            netFlow: found.net_flow as string,
            result: found.result as string,
            timeWeighted: formatRatio(found.time_weighted),
            method: found.method as AccountReturn['method'],
            moneyWeighted: formatRatio(found.money_weighted),
          },
  };
}

function collectParts(rows: readonly ResultRow[]): AssetParts[] {
  const found = new Map<string, { decimals: number; parts: AssetParts['parts'] }>();
  const nothing = { units: '0', quoteMicros: '0' };
  const empty = Object.fromEntries(PARTS.map((part) => [part, nothing])) as AssetParts['parts'];
  for (const row of rows) {
    const { parts } = found.get(row.symbol as string) ?? { parts: empty };
    const amount = {
      units: (row.amount as bigint).toString(),
      quoteMicros: BigInt((row.quote as string).replace('.', '')).toString(),
    };
    found.set(row.symbol as string, {
      decimals: row.decimals as number,
      parts: { ...parts, [row.part as AttributionPart]: amount },
    });
  }
  return [...found].map(([asset, { decimals, parts }]) => ({ asset, decimals, parts }));
}

/** A ratio with eight digits behind the point. */
function formatRatio(ratio: unknown): string | null {
  return typeof ratio === 'number' && Number.isFinite(ratio) ? ratio.toFixed(8) : null;
}
