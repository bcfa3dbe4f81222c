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

/** The cover of an account under a scenario, in the quote currency. */
type Cover = (scenario: Scenario) => number;

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
  return prepareCover(lines, assets)(scenario);
}

function prepareCover(lines: readonly RevaluedLine[], assets: readonly CoverAsset[]): Cover {
  const priced = new Map(
    assets.map(({ symbol, price, collateralRatio }) => [
      symbol,
      { full: Number(price), collateral: Number(price) * Number(collateralRatio) },
    ]),
  );
  const nets = groupNets(lines);
  return (scenario) => {
    let cover = 0;
    for (const { symbol, lines: netted } of nets) {
      const value = netted.reduce((sum, { revalue }) => sum + revalue(scenario), 0);
      const { full, collateral } = priced.get(symbol)!;
      cover += value * (value > 0 ? collateral : full) * (symbol === scenario.asset ? scenario.factor : 1);
    }
    return cover;
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
  const cover = prepareCover(lines, assets);
  const isCovered = (factor: number) => cover({ asset, factor, volatilityShift: 0 }) >= 0;
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
