import { z } from 'zod';

import {
  bytesToHex,
  derivePriceTable,
  encodeCanonicalJson,
  hashLabelled,
  parseJsonLine,
  parseSchema,
  primitives as p,
  SolventError,
  TOTAL_BITS,
} from '../protocol/index.js';
import { MAX_ASSETS } from './assets-file.js';

export const SNAPSHOT_FORMAT = 'solvent/snapshot/v1';
/** The names of the files in a snapshot directory. */
export const SNAPSHOT_FILE = 'snapshot.json';
export const ACCOUNTS_FILE = 'accounts.parquet';
/** 1,024 assets take a few hundred kilobytes. */
export const MAX_SNAPSHOT_BYTES = 4 * 1024 * 1024;

const total = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,31})$/, 'expected an integer')
  .refine((text) => BigInt(text) < 1n << BigInt(TOTAL_BITS), `expected a total below 2^${TOTAL_BITS}`);
const fileName = z.string().regex(/^[^/\0]{1,255}$/, 'expected a file name');
const sizeBytes = z.int().min(0);

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
        price: p.positiveDecimal,
        collateralRatio: p.ratio,
      }),
    )
    .min(1)
    .max(MAX_ASSETS),
  sources: z
    .array(
      z.strictObject({
        role: z.enum(['assets', 'balances']),
        fileName,
        sha256: p.sha256Hex,
        rows: p.count,
      }),
    )
    .length(2),
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
  files: z.tuple([z.strictObject({ name: z.literal(ACCOUNTS_FILE), sha256: p.sha256Hex, sizeBytes })]),
});

/**
 * What a snapshot says of itself. Totals and written-off debts are proof units as decimal strings; `rounding` is
 * what rounding added to the equity and took from the debt of each asset, in proof units and their fractions.
 * For each asset: the debts of the source = `totals` + `writeOffs` + `rounding`; the equities = `totals` - `rounding`.
 */
export type SnapshotFile = z.infer<typeof schema>;

export type SnapshotFileCode = 'snapshot-inconsistent';

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
  if (derivePriceTable(file.assets).scale !== file.scale) throw refuse('the scale that the prices determine');
  return file;
}

/** SHA-256("solvent/snapshot/v1" ‖ 0 ‖ canonical JSON), in hexadecimal: names a snapshot and all that is in it. */
export function hashSnapshotFile(file: SnapshotFile): string {
  return bytesToHex(hashLabelled(SNAPSHOT_FORMAT, encodeCanonicalJson(file)));
}

function isOrderedSubset(rows: readonly { asset: string }[], symbols: readonly string[]): boolean {
  const places = rows.map(({ asset }) => symbols.indexOf(asset));
  return places.every((place, index) => place > (places[index - 1] ?? -1));
}

function refuse(expected: string): SolventError<SnapshotFileCode> {
  return new SolventError('format', 'snapshot-inconsistent', `expected ${expected}, got others`);
}
