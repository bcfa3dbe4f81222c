import type { Decimal } from '../../protocol/index.js';
import type { Separator } from '../reading/csv-records.js';

/** The sources that a platform's books may have. */
export const SOURCE_ROLES = [
  'ledger',
  'opening',
  'balances',
  'orders',
  'positions',
  'settlements',
  'accounts',
  'control',
  'instruments',
  'collateral',
  'prices',
  'marks',
  'loans',
] as const;

export type SourceRole = (typeof SOURCE_ROLES)[number];

/** Where the rows of a source come from. */
export type SourceOrigin =
  | {
      readonly from: 'files';
      /** Absolute paths or glob patterns. */
      readonly patterns: readonly string[];
      readonly format: 'csv' | 'parquet' | 'ndjson';
      /** What stands between the fields of CSV files; without it their headers show it. */
      readonly separator?: Separator;
    }
  | { readonly from: 'postgres'; readonly connection: string; readonly query: string };

export type SourceConfig = {
  readonly role: SourceRole;
  readonly origin: SourceOrigin;
  /** The instant up to which the source is complete, canonical RFC 3339; null where it has no time (instruments, accounts). */
  readonly completeTo: string | null;
  /** Our column -> the column of the source; columns that are not named have our name. */
  readonly columns: ReadonlyMap<string, string>;
  /** The columns of the source that nothing reads, by their names. */
  readonly ignored: readonly string[];
  /** The time zone (IANA) of instants that say none; null where each must say its own. */
  readonly timeZone: string | null;
  /** Our column -> the one value that it has in every row. */
  readonly constants: ReadonlyMap<string, string>;
};

export type BookAsset = {
  readonly symbol: string;
  /** Of the proof unit. */
  readonly decimals: number;
  /** Whether the decimals are still to be chosen by prices and balances; until then they are 0. */
  readonly hasOpenDecimals?: boolean;
  /** Amounts of sources that name the asset in their rows are in units of 10^-unit of a whole one; 0 without it. */
  readonly unit?: number;
  /** 0 to 1, canonical decimal. */
  readonly collateralRatio: string;
  /** How old its price may be, in nanoseconds. */
  readonly maxPriceAgeNs: bigint;
};

/** How options without a mark are valued. */
export type ModelPrices =
  | { readonly allowed: false }
  | {
      readonly allowed: true;
      /** Continuously compounded, a year. */
      readonly rate: Decimal;
      readonly dayCount: 'act/365' | 'act/365.25' | 'act/360';
    };

/** What a configuration of a platform's books says. */
export type BooksConfig = {
  readonly platform: string;
  readonly quote: string;
  readonly assets: readonly BookAsset[];
  /** Where cash comes from; `available` balances are without what open orders hold. */
  readonly cash: 'balances-total' | 'balances-available' | 'ledger';
  readonly underwater: 'fail' | 'write-off';
  readonly isolatedLoss: 'limited' | 'recourse';
  readonly maxMarkAgeNs: bigint;
  readonly modelPrices: ModelPrices;
  /** Name -> the environment variable that holds the connection URL. */
  readonly connections: ReadonlyMap<string, string>;
  readonly sources: readonly SourceConfig[];
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
};
