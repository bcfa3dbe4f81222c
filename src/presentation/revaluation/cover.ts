import { assetOfQuote } from '../../protocol/valuation/index.js';
import type { RevaluedLine, Scenario } from './revalue.js';

/** An asset as cover counts it. */
export type CoverAsset = {
  readonly symbol: string;
  /** Of one whole unit in the quote currency. */
  readonly price: string;
  /** The share of the price that counts as collateral. */
  readonly collateralRatio: string;
};

/** Where cover is looked for: a fortieth to forty times the price, in steps of five percent. */
const RANGE = 40;
const STEP = 1.05;
const BISECTIONS = 45;

/** What an account is worth under a scenario and what covers its debts, approximately, in the quote currency. */
export type RevaluedAccount = { readonly worth: number; readonly cover: number };

/**
 * The cover of an account under a scenario, approximately: what it holds at collateral prices less what it owes at full
 * ones, in the quote currency. Lines are netted for each account, bucket and asset; what an isolated position loses beyond
 * its margin counts as owed.
 */
export function measureCover(
  lines: readonly RevaluedLine[],
  assets: readonly CoverAsset[],
  scenario: Scenario,
): number {
  return prepareAccount(lines, assets)(scenario).cover;
}

/** Makes an account ready to be revalued many times: its worth, and its cover as `measureCover` has it. */
export function prepareAccount(
  lines: readonly RevaluedLine[],
  assets: readonly CoverAsset[],
): (scenario: Scenario) => RevaluedAccount {
  const priced = new Map(
    assets.map(({ symbol, price, collateralRatio }) => [
      symbol,
      { full: Number(price), collateral: Number(price) * Number(collateralRatio) },
    ]),
  );
  const nets = groupNets(lines);
  return (scenario) => {
    let [worth, cover] = [0, 0];
    for (const { symbol, lines: netted } of nets) {
      const value = netted.reduce((sum, { revalue }) => sum + revalue(scenario), 0);
      const { full, collateral } = priced.get(symbol)!;
      const factor = symbol === scenario.asset ? scenario.factor : 1;
      worth += value * full * factor;
      cover += value * (value > 0 ? collateral : full) * factor;
    }
    return { worth, cover };
  };
}

/** The lines that are netted with each other. */
function groupNets(lines: readonly RevaluedLine[]): { symbol: string; lines: RevaluedLine[] }[] {
  const nets = new Map<string, { symbol: string; lines: RevaluedLine[] }>();
  for (const revalued of lines) {
    const { account, bucket, asset } = revalued.line;
    const key = JSON.stringify([account, bucket, asset]);
    const net = nets.get(key) ?? { symbol: asset, lines: [] };
    nets.set(key, net);
    net.lines.push(revalued);
  }
  return [...nets.values()];
}

/** The nearest factors of an asset's price at which cover ends; null where it lasts from a fortieth to forty times it. */
export type CoverEnds = { readonly below: number | null; readonly above: number | null };

/** Where the cover of an account ends as the price of one asset falls or rises, approximately and all else unchanged. */
export function findCoverEnds(
  lines: readonly RevaluedLine[],
  assets: readonly CoverAsset[],
  asset: string,
): CoverEnds {
  const revalue = prepareAccount(lines, assets);
  const isCovered = (factor: number) => revalue({ asset, factor, volatilityShift: 0 }).cover >= 0;
  return { below: findEnd(isCovered, 1 / STEP), above: findEnd(isCovered, STEP) };
}

function findEnd(isCovered: (factor: number) => boolean, step: number): number | null {
  if (!isCovered(1)) return 1;
  for (let covered = 1; covered < RANGE && covered > 1 / RANGE; covered *= step) {
    if (!isCovered(covered * step)) return bisect(isCovered, covered, covered * step);
  }
  return null;
}

function bisect(isCovered: (factor: number) => boolean, from: number, to: number): number {
  let [covered, ended] = [from, to];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (covered + ended) / 2;
    if (isCovered(middle)) covered = middle;
    else ended = middle;
  }
  return covered;
}

/**
 * The assets whose prices decide what an account is worth: those that it has, and those that its positions are on or
 * quoted in. They are in the order of the list and then of the lines. The quote currency and assets that are worth
 * nothing are left out.
 */
export function listExposures(
  lines: readonly RevaluedLine[],
  assets: readonly CoverAsset[],
  quote: string,
): string[] {
  const used = new Set(lines.flatMap(({ line }) => listAssets(line)));
  const listed = assets.map(({ symbol }) => symbol);
  const worthless = new Set(assets.flatMap(({ symbol, price }) => (price === '0' ? [symbol] : [])));
  const ordered = [...listed.filter((symbol) => used.has(symbol)), ...used];
  return [...new Set(ordered)].filter((symbol) => symbol !== quote && !worthless.has(symbol));
}

function listAssets({ asset, valuation }: RevaluedLine['line']): string[] {
  if (valuation.of !== 'position') return [asset];
  return [asset, valuation.instrument.underlying, assetOfQuote(valuation.quote)];
}
