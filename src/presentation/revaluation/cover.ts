import type { RevaluedLine, Scenario } from './revalue.js';

/** An asset as cover counts it. */
export type CoverAsset = {
  readonly symbol: string;
  /** Of one whole unit in the quote currency. */
  readonly price: string;
  /** The share of the price that counts as collateral. */
  readonly collateralRatio: string;
};

/** Where cover is looked for: a fortieth to forty times the price, in steps of two percent. */
const RANGE = 40;
const STEP = 1.02;
const BISECTIONS = 50;

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
  const priced = new Map(assets.map((asset) => [asset.symbol, asset]));
  const nets = new Map<string, { symbol: string; value: number }>();
  for (const { line, revalue } of lines) {
    const key = JSON.stringify([line.account, line.bucket, line.asset]);
    const net = nets.get(key) ?? { symbol: line.asset, value: 0 };
    nets.set(key, net);
    net.value += revalue(scenario);
  }
  let cover = 0;
  for (const { symbol, value } of nets.values()) {
    const { price, collateralRatio } = priced.get(symbol)!;
    const moved = Number(price) * (symbol === scenario.asset ? scenario.factor : 1);
    cover += value * moved * (value > 0 ? Number(collateralRatio) : 1);
  }
  return cover;
}

/** The nearest factors of an asset's price at which cover ends; null where it lasts from a fortieth to forty times it. */
export type CoverEnds = { readonly below: number | null; readonly above: number | null };

/** Where the cover of an account ends as the price of one asset falls or rises, approximately and all else unchanged. */
export function findCoverEnds(
  lines: readonly RevaluedLine[],
  assets: readonly CoverAsset[],
  asset: string,
): CoverEnds {
  const isCovered = (factor: number) =>
    measureCover(lines, assets, { asset, factor, volatilityShift: 0 }) >= 0;
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
