/** The parts that an account's value in one asset is attributed to, in their order: all but the last add up to the last. */
export const PARTS = [
  ...['opening', 'deposit', 'withdrawal', 'transfer', 'trade', 'fee', 'funding', 'interest', 'settlement'],
  ...['delta', 'gamma', 'vega', 'theta', 'remainder', 'closing'],
] as const;

export type AttributionPart = (typeof PARTS)[number];

/** The part of each kind of a ledger row. */
export const LEDGER_PARTS: Readonly<Record<string, AttributionPart>> = {
  deposit: 'deposit',
  withdrawal: 'withdrawal',
  transfer: 'transfer',
  adjustment: 'transfer',
  trade: 'trade',
  realised: 'trade',
  fee: 'fee',
  funding: 'funding',
  interest: 'interest',
  settlement: 'settlement',
};

/** The part of a change of each kind of component that is neither cash nor a position. */
export const COMPONENT_PARTS: Readonly<Record<string, AttributionPart>> = {
  'deposit-in-flight': 'deposit',
  'withdrawal-in-flight': 'withdrawal',
  'collateral-posted': 'transfer',
  'collateral-received': 'transfer',
  'isolated-margin': 'transfer',
  loan: 'transfer',
  realised: 'trade',
  funding: 'funding',
  interest: 'interest',
  'isolated-loss-limit': 'settlement',
  'write-off': 'settlement',
};

/** The sums of the rows of each part, for a query: `sum(…) AS deposit, …`. */
export function sumParts(
  parts: Readonly<Record<string, AttributionPart>>,
  write: (kinds: readonly string[]) => string,
): string {
  const kinds = new Map<AttributionPart, string[]>();
  for (const [kind, part] of Object.entries(parts)) kinds.set(part, [...(kinds.get(part) ?? []), kind]);
  return [...kinds].map(([part, list]) => `${write(list)} AS ${part}`).join(', ');
}
