import { DOUBLE, HUGEINT, INTEGER, VARCHAR } from '@duckdb/node-api';

import type { Scratch, Snapshot } from '../../snapshot/index.js';

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

/** An asset of either of two snapshots. */
export type AttributedAsset = {
  readonly symbol: string;
  /** Of the finer of the two proof units, which amounts are counted in. */
  readonly decimals: number;
  /** Canonical decimals in the quote currency; null where a snapshot has not the asset. */
  readonly openingPrice: string | null;
  readonly closingPrice: string | null;
};

/** The assets of two snapshots: those of the later in its order, then what it has no more. */
export function joinAssets(before: Snapshot, after: Snapshot): AttributedAsset[] {
  const opened = new Map(before.assets.map((asset) => [asset.symbol, asset]));
  const closed = new Map(after.assets.map((asset) => [asset.symbol, asset]));
  return [...new Set([...closed.keys(), ...opened.keys()])].map((symbol) => {
    const [opening, closing] = [opened.get(symbol), closed.get(symbol)];
    return {
      symbol,
      decimals: Math.max(opening?.decimals ?? 0, closing?.decimals ?? 0),
      openingPrice: opening?.price ?? null,
      closingPrice: closing?.price ?? null,
    };
  });
}

/** Fills the table `attributed_asset`. */
export async function loadAssets(
  scratch: Scratch,
  assets: readonly AttributedAsset[],
  { before, after }: { readonly before: Snapshot; readonly after: Snapshot },
): Promise<void> {
  const position = ({ assets: listed }: Snapshot, symbol: string) => {
    const index = listed.findIndex((asset) => asset.symbol === symbol);
    return { index: index < 0 ? null : index, decimals: listed[index]?.decimals };
  };
  const rows = assets.map(({ symbol, decimals, openingPrice, closingPrice }, id) => {
    const [opening, closing] = [position(before, symbol), position(after, symbol)];
    const scale = (own: number | undefined) => 10n ** BigInt(decimals - (own ?? decimals));
    return [
      ...[id, symbol, decimals, opening.index, closing.index],
      ...[scale(opening.decimals), scale(closing.decimals)],
      ...[Number(openingPrice ?? 0), Number(closingPrice ?? 0)],
    ];
  });
  const types = [INTEGER, VARCHAR, INTEGER, INTEGER, INTEGER, HUGEINT, HUGEINT, DOUBLE, DOUBLE];
  await scratch.append('attributed_asset', types, [rows]);
}
