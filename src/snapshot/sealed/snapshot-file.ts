import { z } from 'zod';

import {
  assertDebtsPriced,
  assertQuotePrice,
  BREAK_KINDS,
  bytesToHex,
  derivePriceTable,
  encodeCanonicalJson,
  hashLabelled,
  GRAND_TOTAL_BITS,
  parseJsonLine,
  parseSchema,
  primitives as p,
  SolventError,
} from '../../protocol/index.js';
import { MAX_ASSETS } from '../balances/assets-file.js';
import { SOURCE_ROLES } from '../books/config.js';
import { refuseSnapshot, type SnapshotCode } from '../errors.js';

export const SNAPSHOT_FORMAT = 'solvent/snapshot/v2';
/** The names of the files in a snapshot directory. */
export const SNAPSHOT_FILE = 'snapshot.json';
export const ACCOUNTS_FILE = 'accounts.parquet';
export const STATEMENTS_FILE = 'statements.parquet';
export const COMPONENTS_FILE = 'components.parquet';
export const INSTRUMENTS_FILE = 'instruments.parquet';
export const HOUSE_FILE = 'house.parquet';
/** Permission bits of everything that is sealed: nobody writes to it, and its owner alone reads it. */
export const SEALED_MODE = 0o400;
/** 1,024 assets take a few hundred kilobytes, and 10,000 source files two megabytes. */
export const MAX_SNAPSHOT_BYTES = 8 * 1024 * 1024;
/** Files of one source, and characters of one query. */
const MAX_SOURCE_FILES = 10_000;
/** Columns of one source that are passed over. */
const MAX_IGNORED_COLUMNS = 10_000;
const MAX_QUERY_LENGTH = 64 * 1024;

const total = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,31})$/, 'expected an integer')
  .refine(
    (text) => BigInt(text) < 1n << BigInt(GRAND_TOTAL_BITS),
    `expected a total below 2^${GRAND_TOTAL_BITS}`,
  );
const fileName = z.string().regex(/^[^/\0]{1,255}$/, 'expected a file name');
const sizeBytes = z.int().min(0);

/** Where rows came from: files, or a query in one transaction. */
const source = z.strictObject({
  role: z.enum(['assets', ...SOURCE_ROLES]),
  files: z.array(z.strictObject({ fileName, sha256: p.sha256Hex })).max(MAX_SOURCE_FILES),
  query: z.strictObject({ text: z.string().min(1).max(MAX_QUERY_LENGTH), transaction: p.prose }).nullable(),
  rows: p.count,
  rowsAfterInstant: p.count,
  ignoredColumns: z.array(z.string().regex(/^[^\p{Cc}]{1,1024}$/u)).max(MAX_IGNORED_COLUMNS),
  completeTo: p.instant.nullable(),
  firstAt: p.instant.nullable(),
  lastAt: p.instant.nullable(),
});

/** At what the open positions were valued, and what isolated ones have lost beyond their margin. */
const valuation = z.strictObject({
  positions: p.count,
  modelledPositions: p.count,
  oldestMarkAt: p.instant.nullable(),
  isolatedLosses: z.strictObject({
    policy: z.enum(['limited', 'recourse']),
    positions: p.count,
    lifted: z.array(z.strictObject({ asset: p.assetSymbol, units: p.signedDecimal })).max(MAX_ASSETS),
  }),
});

/** 3 kinds of breaks for each of 1,024 assets, and those of instruments. */
const MAX_BREAK_LINES = 8192;

/**
 * How the books were reconciled: how many pairs of account and asset, assets and instruments were compared, null where
 * there was nothing to compare with. The accepted breaks are counted and summed for each kind and asset. `difference`
 * is found minus expected in whole units of the asset, or in contracts where `asset` is null. `magnitude` is the same
 * summed without signs, since breaks may cancel. The manifest says less of it (`stateSnapshot`).
 */
const reconciliation = z.strictObject({
  compared: z.strictObject({
    balances: p.count.nullable(),
    control: p.count.nullable(),
    positions: p.count.nullable(),
  }),
  acceptedBreaks: z
    .array(
      z.strictObject({
        kind: z.enum(BREAK_KINDS),
        asset: p.assetSymbol.nullable(),
        count: p.count.min(1),
        difference: p.signedDecimal,
        magnitude: p.nonNegativeDecimal,
      }),
    )
    .max(MAX_BREAK_LINES)
    .refine(
      (lines) => new Set(lines.map(({ kind, asset }) => `${kind}/${asset ?? ''}`)).size === lines.length,
      'expected each kind and asset at most once',
    ),
});

/** How a snapshot's books were reconciled. */
export type ReconciledBooks = z.infer<typeof reconciliation>;

const sealedFile = <Name extends string>(name: Name) =>
  z.strictObject({ name: z.literal(name), sha256: p.sha256Hex, sizeBytes });

const schema = z.strictObject({
  format: z.literal(SNAPSHOT_FORMAT),
  platform: p.name,
  takenAt: p.instant,
  quote: p.assetSymbol,
  scale: p.scale,
  assets: z
    .array(
      z.strictObject({
        symbol: p.assetSymbol,
        decimals: p.unitDecimals,
        price: p.statedDecimal,
        collateralRatio: p.ratio,
        priceSource: p.prose.nullable(),
        pricedAt: p.instant.nullable(),
        maxPriceAgeMs: p.durationMs.nullable(),
      }),
    )
    .min(1)
    .max(MAX_ASSETS),
  maxMarkAgeMs: p.durationMs.nullable(),
  configurationSha256: p.sha256Hex.nullable(),
  sources: z
    .array(source)
    .min(1)
    .max(SOURCE_ROLES.length + 1),
  reconciliation: reconciliation.nullable(),
  valuation: valuation.nullable(),
  accountCount: p.count.min(1),
  holdingCount: p.count,
  totals: z.array(z.strictObject({ asset: p.assetSymbol, equity: total, debt: total })),
  rounding: z.array(
    z.strictObject({ asset: p.assetSymbol, equity: p.nonNegativeDecimal, debt: p.nonNegativeDecimal }),
  ),
  writeOffs: z.strictObject({
    accounts: p.count,
    debts: z.array(z.strictObject({ asset: p.assetSymbol, debt: total })).max(MAX_ASSETS),
  }),
  files: z.union([
    z.tuple([sealedFile(ACCOUNTS_FILE)]),
    z.tuple([
      sealedFile(ACCOUNTS_FILE),
      sealedFile(STATEMENTS_FILE),
      sealedFile(COMPONENTS_FILE),
      sealedFile(INSTRUMENTS_FILE),
      sealedFile(HOUSE_FILE),
    ]),
  ]),
});

/**
 * What a snapshot says of itself. Totals and written-off debts are proof units as decimal strings; `rounding` is
 * what rounding added to the equity and took from the debt of each asset, in proof units and their fractions.
 * A source has files or a query; `rows` counts those up to the instant, `ignoredColumns` names what was passed over, and `firstAt` and `lastAt` are of these.
 * `maxPriceAgeMs` and `maxMarkAgeMs` say how old a price and a mark may be at the instant, rounded up; null where balances were taken as stated.
 * `configurationSha256`, `reconciliation`, `valuation`, the statements and what lies beside them for programs are of snapshots that were made of a platform's books.
 * For each asset: the debts of the source = `totals` + `writeOffs` + `rounding`; the equities = `totals` - `rounding`.
 */
export type SnapshotFile = z.infer<typeof schema>;

/**
 * Reads `snapshot.json`.
 * @throws SolventError of class `format`: not canonical, not this schema, or `snapshot-inconsistent` where its parts
 * do not agree. The files that it names are not looked at.
 */
export function parseSnapshotFile(bytes: Uint8Array): SnapshotFile {
  const file = parseSchema(schema, SNAPSHOT_FORMAT, parseJsonLine(bytes, MAX_SNAPSHOT_BYTES));
  const symbols = file.assets.map(({ symbol }) => symbol);
  const listsAssets = (rows: readonly { asset: string }[]) =>
    rows.length === symbols.length && rows.every(({ asset }, index) => asset === symbols[index]);
  if (new Set(symbols).size < symbols.length) throw refuse('each asset once');
  if (!listsAssets(file.totals)) throw refuse('totals of the listed assets in their order');
  if (!listsAssets(file.rounding)) throw refuse('rounding of the listed assets in their order');
  if (!isOrderedSubset(file.writeOffs.debts, symbols)) throw refuse('write-offs of listed assets');
  assertDebtsPriced(file.assets, file.totals);
  assertQuotePrice(file.assets, file.quote);
  if (derivePriceTable(file.assets).scale !== file.scale) throw refuse('the scale that the prices determine');
  return file;
}

/** SHA-256("solvent/snapshot/v2" ‖ 0 ‖ canonical JSON), in hexadecimal: names a snapshot and all that is in it. */
export function hashSnapshotFile(file: SnapshotFile): string {
  return bytesToHex(hashLabelled(SNAPSHOT_FORMAT, encodeCanonicalJson(file)));
}

function isOrderedSubset(rows: readonly { asset: string }[], symbols: readonly string[]): boolean {
  const indexes = rows.map(({ asset }) => symbols.indexOf(asset));
  return indexes.every((position, index) => position > (indexes[index - 1] ?? -1));
}

function refuse(expected: string): SolventError<SnapshotCode> {
  return refuseSnapshot('snapshot-inconsistent', { expected, found: 'others' });
}
