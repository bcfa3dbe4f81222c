/** The tables of an export. */
export const TABLES = ['accounts', 'statements', 'totals'] as const;

export type TableName = (typeof TABLES)[number];

/** The formats of an export. */
export const EXPORT_FORMATS = ['csv', 'parquet', 'xlsx'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A column and what it holds. */
export type ExportColumn = { readonly name: string; readonly description: string };

const USER: ExportColumn = { name: 'user_id', description: 'The user, as the platform names them.' };
const ASSET: ExportColumn = {
  name: 'asset',
  description: 'The symbol of the asset; empty where a user has nothing.',
};
const DECIMALS: ExportColumn = {
  name: 'decimals',
  description: 'Decimals of the proof unit: that many digits of the units stand behind the point.',
};
const LINE: readonly ExportColumn[] = [
  { name: 'kind', description: 'What the line is: cash, futures, options, loan, interest and so on.' },
  { name: 'reference', description: 'The platform’s own reference: a position, a loan, a transfer.' },
  { name: 'instrument', description: 'The instrument of a position, else empty.' },
  { name: 'quantity', description: 'Signed number of contracts of a position, else empty.' },
  {
    name: 'entry_price',
    description: 'What a position was opened at, where its value follows from it, else empty.',
  },
];
const PLACE: readonly ExportColumn[] = [
  { name: 'account', description: 'The account of the user that the line is of.' },
  { name: 'bucket', description: 'The margin bucket: cross, or an isolated position.' },
];
const PRICE: readonly ExportColumn[] = [
  { name: 'price', description: 'Price of one whole unit in the quote currency.' },
  { name: 'collateral_ratio', description: 'The share of the price that counts as collateral, 0 to 1.' },
];

const whole = (name: string, of: string): ExportColumn => ({
  name,
  description: `${of}, in whole units of the asset, exactly.`,
});
const units = (name: string, of: string): ExportColumn => ({
  name: `${name}_units`,
  description: `${of}, in proof units.`,
});

/** The columns of every table in a format, in their order: texts of whole units, or numbers of proof units in Parquet. */
export function listColumns(format: ExportFormat): Readonly<Record<TableName, readonly ExportColumn[]>> {
  const isUnits = format === 'parquet';
  const amount = isUnits ? units : whole;
  const decimals = isUnits ? [DECIMALS] : [];
  return {
    accounts: [
      USER,
      ASSET,
      ...decimals,
      amount('equity', 'What the user holds'),
      amount('debt', 'What the user owes'),
    ],
    statements: [
      ...[USER, ...PLACE, ASSET, ...decimals, ...LINE],
      amount('value', 'What the line is worth, below 0 where it is owed'),
    ],
    totals: [
      ...[ASSET, ...decimals, ...PRICE],
      ...[amount('equity', 'What all users hold'), amount('debt', 'What all users owe')],
    ],
  };
}

/** What is done to cells that a spreadsheet might take for a formula. */
export const CELL_RULE =
  'A text that begins with = + - @ or the wide form of one, a tab or a line break has an apostrophe put before it. Amounts are digits and stay.';
