import {
  add,
  divide,
  multiply,
  parseRational,
  subtract,
  toRational,
  ZERO,
  type Rational,
} from '../protocol/valuation/index.js';
import { formatMoney } from './durations.js';
import { say } from './language.js';
import type { CoverAsset, CoverEnds } from './revaluation/cover.js';

/** What an account is worth at the stated prices, exactly; in the quote currency, cut to two digits toward 0. */
export type AccountWorth = {
  readonly held: string;
  readonly owed: string;
  /** What is held less what is owed. */
  readonly worth: string;
  /** What is held at collateral prices less what is owed. */
  readonly cover: string;
  readonly owesNothing: boolean;
};

const VALUE_DIGITS = 2;

/**
 * The worth and the cover of holdings.
 * @param holdings in proof units, of listed assets.
 */
export function valueAccount(
  holdings: readonly { readonly asset: string; readonly equity: string; readonly debt: string }[],
  assets: readonly (CoverAsset & { readonly decimals: number })[],
): AccountWorth {
  const listed = new Map(assets.map((asset) => [asset.symbol, asset]));
  let [held, owed, collateral] = [ZERO, ZERO, ZERO];
  for (const { asset, equity, debt } of holdings) {
    const { decimals, price, collateralRatio } = listed.get(asset)!;
    const unitPrice = multiply(parseRational(price), divide(toRational(1n, decimals), toRational(1n, 0)));
    const value = multiply(toRational(BigInt(equity), 0), unitPrice);
    held = add(held, value);
    collateral = add(collateral, multiply(value, parseRational(collateralRatio)));
    owed = add(owed, multiply(toRational(BigInt(debt), 0), unitPrice));
  }
  return {
    held: formatQuote(held),
    owed: formatQuote(owed),
    worth: formatQuote(subtract(held, owed)),
    cover: formatQuote(subtract(collateral, owed)),
    owesNothing: owed.numerator === 0n,
  };
}

/** A value in a quote currency, cut to two digits toward 0. */
export function formatQuote({ numerator, denominator }: Rational): string {
  const cut = (numerator * 10n ** BigInt(VALUE_DIGITS)) / denominator;
  return formatMoney(cut.toString(), VALUE_DIGITS).replace(/^-/, '−');
}

/** A double as it is shown where it is approximate: `≈ −1,234.50`. */
export function formatApproximate(value: number, digits = VALUE_DIGITS): string {
  if (!Number.isFinite(value)) return say('out of range');
  const units = BigInt(Math.round(value * 10 ** digits));
  return `≈ ${formatMoney(units.toString(), digits).replace(/^-/, '−')}`;
}

/** What an account is worth and what covers its debts, in sentences. */
export function phraseWorth(
  { held, owed, worth, cover, owesNothing }: AccountWorth,
  quote: string,
): string[] {
  if (owesNothing) {
    return [
      say('At the prices that the platform states your account is worth {worth} {quote}.', { worth, quote }),
      say('You owe nothing, so there is nothing to cover.'),
    ];
  }
  return [
    say(
      'At the prices that the platform states your account is worth {worth} {quote}: you hold {held} {quote} and owe {owed} {quote}.',
      { worth, held, owed, quote },
    ),
    say(
      'The cover of your account is {cover} {quote}: as collateral, what you hold counts for so much more than you owe.',
      { cover, quote },
    ),
  ];
}

/** The price of an asset at which cover ends. */
export type NamedEnds = CoverEnds & {
  readonly asset: string;
  /** Its price in the quote currency; undefined where it is not listed. */
  readonly price: string | undefined;
};

/** At which prices cover ends, in sentences: one for each asset and side, or that there is none. */
export function phraseEnds(ends: readonly NamedEnds[], quote: string): string[] {
  if (ends.some(({ below, above }) => below === 1 || above === 1)) {
    return [say('There is no cover to spare: the least move against it ends it.')];
  }
  const found = ends.flatMap(({ asset, price, below, above }) =>
    [below, above].flatMap((factor) => (factor === null ? [] : [phraseEnd({ asset, price, factor }, quote)])),
  );
  if (found.length > 0) return found;
  return [say('No asset alone can end it: not at forty times its price, and not at a fortieth of it.')];
}

function phraseEnd(
  { asset, price, factor }: { asset: string; price: string | undefined; factor: number },
  quote: string,
): string {
  const move = describeMove(factor);
  const at =
    price === undefined
      ? ''
      : say(', to {price} {quote}', { price: formatApproximate(Number(price) * factor), quote });
  return factor < 1
    ? say('Cover ends if {asset} falls by {move}{at}, and all else stays.', { asset, move, at })
    : say('Cover ends if {asset} rises by {move}{at}, and all else stays.', { asset, move, at });
}

/** How far a factor of a price is from 1: `≈ 28.9 %`. */
function describeMove(factor: number): string {
  return `${formatApproximate(Math.abs(factor - 1) * 100, 1)} %`;
}
