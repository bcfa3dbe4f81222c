import {
  areHoldingsEqual,
  parseName,
  parseStatement,
  SolventError,
  sumStatement,
  type Account,
  type BatchParameters,
  type StatementAsset,
} from '../../protocol/index.js';

const AMOUNT_LIMIT = 1n << 64n;

/**
 * The place in `circuits` of the smallest one that holds an account: one for spot accounts unless it owes anything,
 * and of those the one with the fewest slots; undefined where none has slots enough. Spot accounts may use a margin
 * circuit where no spot circuit is wide enough.
 */
export function assignCircuit(
  circuits: readonly { readonly parameters: BatchParameters }[],
  { holdings }: Account,
): number | undefined {
  const owes = holdings.some(({ debtUnits }) => debtUnits > 0n);
  let best: number | undefined;
  circuits.forEach(({ parameters }, index) => {
    if (parameters.slots < holdings.length || (owes && parameters.kind === 'spot')) return;
    const current = best === undefined ? undefined : circuits[best]!.parameters;
    if (current === undefined || isSmaller(parameters, current)) best = index;
  });
  return best;
}

/**
 * Whether the id is one that `parseName` takes, and holdings are of listed assets in rising order, with amounts from 0
 * to 2^64 - 1 that are not both 0.
 */
export function isWellFormed({ userId, holdings }: Account, assetCount: number): boolean {
  if (!isName(userId)) return false;
  let previous = -1;
  for (const { assetIndex, equityUnits, debtUnits } of holdings) {
    if (!Number.isInteger(assetIndex) || assetIndex <= previous || assetIndex >= assetCount) return false;
    if (equityUnits < 0n || equityUnits >= AMOUNT_LIMIT || debtUnits < 0n || debtUnits >= AMOUNT_LIMIT) {
      return false;
    }
    if (equityUnits === 0n && debtUnits === 0n) return false;
    previous = assetIndex;
  }
  return true;
}

/** Whether an account has no statement, or one whose lines add up to exactly its holdings. */
export function addsUp({ holdings, statement }: Account, assets: readonly StatementAsset[]): boolean {
  if (statement === undefined) return true;
  try {
    return areHoldingsEqual(sumStatement(parseStatement(statement).lines, assets), holdings);
  } catch (error) {
    if (error instanceof SolventError) return false;
    throw error;
  }
}

function isSmaller(a: BatchParameters, b: BatchParameters): boolean {
  return a.kind === b.kind ? a.slots < b.slots : a.kind === 'spot';
}

function isName(text: string): boolean {
  try {
    return parseName(text) === text;
  } catch {
    return false;
  }
}
