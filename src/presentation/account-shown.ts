import type { Manifest, StatementLine } from '../protocol/index.js';
import { phraseEnds, phraseWorth, valueAccount } from './account-worth.js';
import { say } from './language.js';
import { showPosition, type ShownPosition } from './position-words.js';
import type { OptionGreeks } from './revaluation/black-76.js';
import { findCoverEnds, listExposures } from './revaluation/cover.js';
import { isHeldToLines, prepareLines, type RevaluedLine } from './revaluation/revalue.js';

/** A valid report on one account, as far as what it is worth follows from it. */
export type ReportedAccount = {
  readonly holdings: readonly { readonly asset: string; readonly equity: string; readonly debt: string }[];
  readonly statement: readonly StatementLine[] | null;
  readonly stated: Pick<Manifest, 'assets' | 'quote' | 'maxMarkAgeMs'> | null;
  readonly takenAt: string | null;
};

/** A position with the line that it is, ready to be revalued. */
export type RevaluedPosition = ShownPosition & {
  readonly line: RevaluedLine;
  readonly greeks: OptionGreeks | null;
};

/** What an account is worth, and what its cover hangs on, for its reader. */
export type ShownAccount = {
  readonly quote: string;
  readonly worth: readonly string[];
  /** At which prices its cover ends, approximately; nothing of an account that no price can make owe. */
  readonly ends: readonly string[];
  readonly positions: readonly RevaluedPosition[];
  /** All lines, ready to be revalued; none where doubles do not come to what they state. */
  readonly lines: readonly RevaluedLine[];
  /** The assets whose price it hangs on. */
  readonly exposures: readonly string[];
};

/** Says what an account is worth; null where its report shows no holdings. */
export function showAccount({ holdings, statement, stated, takenAt }: ReportedAccount): ShownAccount | null {
  if (stated === null || takenAt === null) return null;
  const { assets, quote } = stated;
  const worth = valueAccount(holdings, assets);
  const prepared = prepareLines(statement ?? [], { ...stated, takenAt });
  const lines = isHeldToLines(prepared, assets) ? prepared : [];
  const exposures = listExposures(lines, assets, quote);
  const positions = prepared.flatMap((line) => {
    const shown = showPosition(line.line, assets);
    return shown === null ? [] : [{ ...shown, line, greeks: line.greeks }];
  });
  const canEnd = lines.length > 0 && (!worth.owesNothing || positions.length > 0);
  const prices = new Map(assets.map(({ symbol, price }) => [symbol, price]));
  const ends = exposures.map((asset) => ({
    asset,
    price: prices.get(asset),
    ...(canEnd ? findCoverEnds(lines, assets, asset) : { below: null, above: null }),
  }));
  return {
    quote,
    worth: phraseWorth(worth, quote),
    ends: canEnd ? phraseEnds(ends, quote) : [],
    positions,
    lines,
    exposures,
  };
}

/** A Greek of a whole line with its unit, in plain words. */
export type ShownGreek = { readonly name: string; readonly value: number; readonly meaning: string };

const DAYS_A_YEAR = 365;

/** The Greeks of a position, each with what it means. */
export function listGreeks({ delta, gamma, vega, theta }: OptionGreeks): ShownGreek[] {
  return [
    {
      name: 'Delta',
      value: delta,
      meaning: say('gained for each unit that the price of the underlying rises'),
    },
    { name: 'Gamma', value: gamma, meaning: say('by how much delta rises for that') },
    { name: 'Vega', value: vega / 100, meaning: say('gained for each percent point of volatility') },
    { name: 'Theta', value: theta / DAYS_A_YEAR, meaning: say('gained for each day that passes') },
  ];
}

/** What of an account is proven, and what is arithmetic on top; said in its own way where there is no statement. */
export function phraseProven(hasStatement: boolean): string[] {
  return hasStatement
    ? [
        say(
          'Proven: the amounts that you hold and owe, and that the lines of your statement add up to them.',
        ),
        say(
          'Arithmetic on top, by no proof: all that stands here. It is made from those lines and from the prices that the platform states. What is marked ≈ is computed with rounded numbers, and held to the exact value of each line.',
        ),
      ]
    : [
        say('Proven: the amounts that you hold and owe.'),
        say(
          'Arithmetic on top, by no proof: all that stands here. It is made from those amounts and from the prices that the platform states. What is marked ≈ is computed with rounded numbers, and held to the exact value of each line.',
        ),
      ];
}
