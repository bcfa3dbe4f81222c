import { describeCode } from './codes.js';
import type { Manifest } from '../protocol/index.js';
import type { Conclusion, Findings } from './checklist.js';

/** What an answer is about. */
export type Scope = {
  readonly subject: 'bundle' | 'inclusion';
  /** `full`: all proofs of the bundle. `light`: one account and the proofs above it. */
  readonly depth: 'full' | 'light';
};

const SHOWN = {
  bundle:
    'Valid: every account of the snapshot has equity and debt that are not negative and collateral that covers its debt, and the published totals are the exact sums over all accounts.',
  full: 'Valid: the whole bundle holds, and your account with these holdings is one of those that its totals are the sums of.',
  light:
    'Valid as far as it goes: the gross total contains you. Your batch is proven, and the published equity of each asset is at least the sum over all users who pass this check.',
} as const;

const ALWAYS_NOT_SHOWN = [
  'That the platform owns anything: these are its liabilities, not its assets.',
  'That no account was left out: an account whose user does not check can be missing.',
  'That ids are given to one user each: check under an id that only you have, like your login e-mail.',
  'That the prices, haircuts, scope, roundings and write-offs are right: the platform states them.',
  'That accounts are of real users who owe nothing elsewhere, or that their collateral can be sold.',
] as const;

const NOT_SHOWN_LIGHT = [
  'The total debt of each asset, and so any net total.',
  'That the other accounts cover their debts, or that the other batches have proofs: check the whole bundle for that.',
] as const;

const NOT_SHOWN_OF_LINES =
  'That what each line of your statement states is right, like a quantity or the price of an instrument: compare it with what you know, and ask the platform about a line that is not.';

/** The answer in a sentence or two. */
export function phraseVerdict(conclusion: Conclusion, scope: Scope, insecure: boolean): string {
  if (conclusion.outcome === 'valid') {
    const shown = SHOWN[scope.subject === 'bundle' ? 'bundle' : scope.depth];
    return insecure
      ? `INSECURE, for tests only, since anyone with the development keys can make such proofs. ${shown}`
      : shown;
  }
  const { sentence } = describeCode(conclusion.code);
  return conclusion.outcome === 'invalid' ? `Invalid: ${sentence}` : `Unverifiable: ${sentence}`;
}

/** What a reader might take as shown, and is not. */
export function listNotShown(
  conclusion: Conclusion,
  scope: Scope,
  { insecure, manifestHashCompared, manifest, lines }: Findings,
): string[] {
  if (conclusion.outcome !== 'valid')
    return ['Anything: no part of what was published is shown by this run.'];
  return [
    ...(insecure ? ['INSECURE: anything at all, against whoever made the development keys.'] : []),
    ...(manifestHashCompared
      ? []
      : ['That others were shown the same manifest: not compared with what others were shown.']),
    ...(manifest === null ? [] : listCeremonyDoubts(manifest)),
    ...(scope.depth === 'light' ? NOT_SHOWN_LIGHT : []),
    ...(lines === null ? [] : [NOT_SHOWN_OF_LINES]),
    ...ALWAYS_NOT_SHOWN,
  ];
}

/** What must be believed of a ceremony: that one of its contributors is honest, and the powers of tau too. */
function listCeremonyDoubts({ circuits }: Manifest): string[] {
  const ceremonies = circuits.flatMap(({ provenance }) =>
    provenance.kind === 'ceremony' ? [provenance] : [],
  );
  if (ceremonies.length === 0) return [];
  const fewest = Math.min(...ceremonies.map(({ signers }) => signers));
  const untrusted = ceremonies.some(({ powersOfTau }) => powersOfTau.source === 'untrusted');
  return [
    `That a contributor of the ceremony forgot their secret: ask them; the fewest who signed a key are ${fewest}.`,
    ...(fewest < 2 ? ['That the ceremony was not the platform’s alone: then it can prove anything.'] : []),
    ...(untrusted
      ? ['That nobody knows the secret of the powers of tau, which are not the published ones.']
      : []),
  ];
}
