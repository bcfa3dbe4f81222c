/** What can be made wrong in a venue's books: each is a query of `sql/plants.sql`, or a line of the configuration. */
export const PLANTS = [
  'ledger-row-dropped',
  'ledger-row-doubled',
  'ledger-row-changed',
  'ledger-incomplete',
  'balance-changed',
  'balance-doubled',
  'balance-of-unknown-asset',
  'account-missing-in-balances',
  'account-missing-in-ledger',
  'account-not-listed',
  'account-under-water',
  'control-changed',
  'control-missing',
  'positions-not-netted',
  'position-of-unknown-instrument',
  'position-without-margin',
  'price-missing',
  'price-stale',
  'mark-missing',
  'mark-stale',
  'settlement-price-missing',
] as const;

/** One kind of break. */
export type Plant = (typeof PLANTS)[number];

/** What was planted, and where; null where it is not about one. */
export type PlantedBreak = {
  readonly plant: Plant;
  readonly account: string | null;
  readonly asset: string | null;
  readonly instrument: string | null;
};
