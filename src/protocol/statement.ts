import type { Holding } from './account.js';
import { parseSignedDecimal } from './decimal.js';
import { SolventError, refuseProtocol } from './errors.js';
import { COMPONENT_KINDS, type StatementLine } from './formats/statement.js';

export type StatementCode =
  'statement-asset-not-listed' | 'statement-value-too-fine' | 'statement-not-sorted';

/** An asset as statements are added up: its place in the list is its index. */
export type StatementAsset = {
  readonly symbol: string;
  /** Decimals of the proof unit. */
  readonly decimals: number;
};

/** A line as far as its account, bucket and asset are netted. */
export type NetLine = Pick<StatementLine, 'account' | 'bucket' | 'asset' | 'kind' | 'reference' | 'value'>;

/**
 * The holdings that lines add up to, sorted by asset index. The values are netted for each account, bucket and asset.
 * Positive nets are equity and negative ones debt, each summed over all buckets. Sums may be beyond 2^64.
 * @param assets all listed assets, in order.
 * @throws SolventError `statement-asset-not-listed`; `statement-value-too-fine` where a value is no whole number of
 * proof units; `statement-not-sorted` where lines are not distinct and in the order of the protocol.
 */
export function sumStatement(lines: readonly NetLine[], assets: readonly StatementAsset[]): Holding[] {
  const indexes = new Map(assets.map(({ symbol }, index) => [symbol, index]));
  const placed = lines.map((line) => ({ ...line, assetIndex: indexOf(line, indexes) }));
  const equity = assets.map(() => 0n);
  const debt = assets.map(() => 0n);
  let net = 0n;
  placed.forEach((line, position) => {
    const next = placed[position + 1];
    if (next !== undefined && compareLines(line, next) >= 0) {
      throw refuse('statement-not-sorted', 'distinct lines in their order, got another order or one twice');
    }
    net += parseUnits(line.value, assets[line.assetIndex]!.decimals);
    if (next !== undefined && isSameNet(line, next)) return;
    if (net > 0n) equity[line.assetIndex]! += net;
    else debt[line.assetIndex]! -= net;
    net = 0n;
  });
  return assets.flatMap((_, assetIndex) => {
    const holding = { assetIndex, equityUnits: equity[assetIndex]!, debtUnits: debt[assetIndex]! };
    return holding.equityUnits === 0n && holding.debtUnits === 0n ? [] : [holding];
  });
}

type PlacedLine = NetLine & { readonly assetIndex: number };

function indexOf({ asset }: NetLine, indexes: ReadonlyMap<string, number>): number {
  const index = indexes.get(asset);
  if (index !== undefined) return index;
  throw refuse('statement-asset-not-listed', 'lines of listed assets, got one of another asset');
}

function isSameNet(a: PlacedLine, b: PlacedLine): boolean {
  return a.account === b.account && a.bucket === b.bucket && a.assetIndex === b.assetIndex;
}

/** The order of lines: account, bucket, asset as listed, kind as in the closed list, reference. */
function compareLines(a: PlacedLine, b: PlacedLine): number {
  return (
    compareTexts(a.account, b.account) ||
    compareTexts(a.bucket, b.bucket) ||
    a.assetIndex - b.assetIndex ||
    COMPONENT_KINDS.indexOf(a.kind) - COMPONENT_KINDS.indexOf(b.kind) ||
    compareTexts(a.reference, b.reference)
  );
}

/** The order of texts by their UTF-8 bytes, which is that of their code points and not that of JavaScript. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [Array.from(a), Array.from(b)];
  const position = left.findIndex((character, at) => character !== right[at]);
  if (position < 0) return -1;
  const other = right[position];
  return other === undefined ? 1 : left[position]!.codePointAt(0)! - other.codePointAt(0)!;
}

/** A value in proof units of that many decimals. @throws SolventError `statement-value-too-fine`. */
export function parseUnits(value: string, decimals: number): bigint {
  const { coefficient, fractionDigits } = parseSignedDecimal(value);
  if (fractionDigits > decimals) {
    throw refuse('statement-value-too-fine', 'values of whole proof units, got one with more decimals');
  }
  return coefficient * 10n ** BigInt(decimals - fractionDigits);
}

function refuse(code: StatementCode, expected: string): SolventError<StatementCode> {
  return refuseProtocol(code, `expected ${expected}`);
}
