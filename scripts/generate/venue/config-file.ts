import type { PricedAsset } from '../../../src/protocol/index.js';
import { EARLIER_INSTANT, VENUE_INSTANT } from './instruments.js';
import { earlierOf, patternOf, SOURCES, type BookFormat, type MadeSource } from './source-files.js';

/** Where a venue's cash comes from, as its configuration says. */
export const CASH_SOURCES = ['balances-total', 'balances-available', 'ledger'] as const;

export type CashSource = (typeof CASH_SOURCES)[number];

export type VenueConfig = {
  readonly platform: string;
  readonly market: readonly PricedAsset[];
  readonly cash: CashSource;
  readonly isolatedLoss: 'limited' | 'recourse';
  readonly format: BookFormat;
  /** Whether the ledger ends before the instant. */
  readonly isLedgerIncomplete: boolean;
  /** Whether it is that of the books of a day before. */
  readonly isEarlier?: boolean;
  /** The instant of these; a day before by default. */
  readonly earlierInstant?: string;
};

/** The instant up to which the sources are complete: a little behind the snapshot's, so that rows come too late too. */
export const COMPLETE_TO = '2026-01-31T00:05:00Z';
const INCOMPLETE_TO = '2026-01-30T23:59:59Z';

/** The snapshot.yaml of the venue's books. */
export function formatVenueConfig(config: VenueConfig): string {
  const { platform, market, cash, isolatedLoss, isEarlier = false } = config;
  const { earlierInstant = EARLIER_INSTANT } = config;
  const sources = SOURCES.filter(({ role }) => cash !== 'ledger' || role !== 'balances');
  return `\
# The books of ${platform} at ${isEarlier ? earlierInstant : VENUE_INSTANT}: where they are, and what they mean.
format: solvent/books/v1
platform: ${platform}
quote: USD
cash: ${cash}
underwater: ${isEarlier ? 'write-off' : 'fail'}
isolatedLoss: ${isolatedLoss}
maxMarkAge: 10m
modelPrices: {rate: "0.04", dayCount: act/365}
assets:
${market.map(formatAsset).join('\n')}
sources:
${sources.map((source) => formatSource(source, config)).join('\n')}
`;
}

function formatAsset({ symbol, decimals, collateralRatio }: PricedAsset): string {
  return `  - {symbol: ${symbol}, decimals: ${decimals}, collateralRatio: ${collateralRatio}, maxPriceAge: 10m}`;
}

function formatSource(source: MadeSource, config: VenueConfig): string {
  const { format, isLedgerIncomplete, isEarlier = false } = config;
  const { role, columns, constants, isTimed } = source;
  const completeTo = role === 'ledger' && isLedgerIncomplete ? INCOMPLETE_TO : COMPLETE_TO;
  const parts = [
    `files: [${patternOf(isEarlier ? earlierOf(source) : source, format)}]`,
    `format: ${format}`,
    // DuckDB has no type for nanoseconds in UTC, and writes them without a zone.
    ...(format === 'parquet' ? ['timeZone: UTC'] : []),
    ...(isTimed ? [`completeTo: ${completeTo}`] : []),
    ...formatMap('columns', columns),
    ...formatMap('constants', constants),
  ];
  return `  ${role}: {${parts.join(', ')}}`;
}

function formatMap(name: string, map: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(map).map(([key, value]) => `${key}: ${value}`);
  return entries.length === 0 ? [] : [`${name}: {${entries.join(', ')}}`];
}
