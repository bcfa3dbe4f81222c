import { describeCode } from './codes.js';
import type { Manifest } from '../protocol/index.js';
import { formatCount, formatNumber, say, type PlainSentence, type Sentence } from '../presentation/index.js';
import type { ShownCeremony } from './ceremony/evidence.js';
import type { Comparison, Conclusion, Findings, Registered } from './checklist.js';

/** What an answer is about: everything that was published, or one account in it. */
export type Subject = 'bundle' | 'inclusion';

const SHOWN: Readonly<Record<Subject, PlainSentence>> = {
  bundle:
    'Valid: every account of the snapshot has equity and debt that are not negative and collateral that covers its debt, and the published totals are the exact sums over all accounts.',
  inclusion:
    'Valid: the whole bundle holds, and your account with these holdings is one of those that its totals are the sums of.',
};

const ALWAYS_NOT_SHOWN = [
  'That the platform owns anything: these are its liabilities, not its assets.',
  'That no account was left out: an account whose user does not check can be missing.',
  'That ids are given to one user each: check under an id that only you have, like your login e-mail.',
  'That the prices, haircuts, scope, roundings and write-offs are right: the platform states them.',
  'That accounts are of real users who owe nothing elsewhere, or that their collateral can be sold.',
] as const;

const NOT_SHOWN_OF_LINES =
  'That what each line of your statement states is right, like a quantity or the price of an instrument: compare it with what you know, and ask the platform about a line that is not.';

const NOT_SHOWN_OF_INITIAL_KEYS =
  'That the keys before the first contribution are of these circuits and of the published powers of tau: solvent ceremony verify makes them again.';

/** The answer in a sentence or two. */
export function phraseVerdict(
  conclusion: { readonly outcome: 'valid' } | Omit<Exclude<Conclusion, { outcome: 'valid' }>, 'evidence'>,
  subject: Subject,
  insecure: boolean,
): string {
  if (conclusion.outcome === 'valid') {
    const shown = say(SHOWN[subject]);
    return insecure
      ? say(
          'INSECURE, for tests only, since anyone with the development keys can make such proofs. {shown}',
          { shown },
        )
      : shown;
  }
  const sentence = say(describeCode(conclusion.code).sentence);
  return conclusion.outcome === 'invalid'
    ? say('Invalid: {sentence}', { sentence })
    : say('Unverifiable: {sentence}', { sentence });
}

/** What was counted of a ceremony. */
export function phraseCeremony({
  contributions,
  signers,
  pinnedSigners,
  beacon,
  beaconVerified,
}: ShownCeremony): string {
  const pinned = pinnedSigners === null ? '' : `, ${formatNumber(pinnedSigners)} of them pinned`;
  return (
    `shown: ${formatCount(contributions, 'contribution')}, signed by ${formatCount(signers, 'different key')}${pinned}, ` +
    `closed by ${beacon}${beaconVerified ? ', whose value its network signed' : ''}`
  );
}

/** What is not shown and has values in it. */
export const OPEN_NOT_SHOWN: readonly Sentence[] = [
  'That this is the newest snapshot after {asOf}, the time of the block that you pinned; until then it was.',
  'That this is the newest snapshot: it is not, the registry holds one of {lastInstant}.',
  'That the value that closed the ceremony is the one of {beacon}: compare it.',
  'That a contributor of the ceremony forgot their secret: ask them; the fewest who signed a key are {fewest}.',
];

/** What a reader might take as shown, and is not. */
export function listNotShown(
  conclusion: Conclusion,
  { insecure, comparedBy, registered, manifest, lines, ceremony }: Findings,
): string[] {
  if (conclusion.outcome !== 'valid')
    return [say('Anything: no part of what was published is shown by this run.')];
  return [
    ...(insecure ? [say('INSECURE: anything at all, against whoever made the development keys.')] : []),
    ...(comparedBy.length > 0
      ? []
      : [say('That others were shown the same manifest: not compared with what others were shown.')]),
    ...(manifest === null
      ? []
      : [...doubtNewest(manifest, registered), ...listCeremonyDoubts(manifest, ceremony)]),
    ...(lines === null ? [] : [say(NOT_SHOWN_OF_LINES)]),
    ...ALWAYS_NOT_SHOWN.map((sentence) => say(sentence)),
  ];
}

/** Which ways a manifest was compared in, in words. */
export function describeComparisons(comparedBy: readonly Comparison[]): string {
  const words = {
    hash: say('the hash that you brought'),
    registry: say('the registry that you pinned'),
    log: say('the log that you pinned'),
  };
  return comparedBy.map((way) => words[way]).join(', ');
}

/** Only a registry names its last instant. */
function doubtNewest({ takenAt }: Manifest, registered: Registered | null): string[] {
  if (registered === null) {
    return [say('That this is the newest snapshot: the platform may have published another after it.')];
  }
  const { lastInstant, asOf } = registered;
  return lastInstant === takenAt
    ? [
        say(
          'That this is the newest snapshot after {asOf}, the time of the block that you pinned; until then it was.',
          { asOf },
        ),
      ]
    : [
        say('That this is the newest snapshot: it is not, the registry holds one of {lastInstant}.', {
          lastInstant,
        }),
      ];
}

/** What must be believed of a ceremony: that one of its contributors is honest, and the powers of tau too. */
function listCeremonyDoubts({ circuits }: Manifest, shown: ShownCeremony | null): string[] {
  const ceremonies = circuits.flatMap(({ provenance }) =>
    provenance.kind === 'ceremony' ? [provenance] : [],
  );
  if (ceremonies.length === 0) return [];
  const fewest = Math.min(...ceremonies.map(({ signers }) => signers));
  const untrusted = ceremonies.some(({ powersOfTau }) => powersOfTau.source === 'untrusted');
  return [
    ...(shown === null
      ? [say('That there was a ceremony at all: it is stated, not shown. Bring its evidence, ceremony.json.')]
      : [say(NOT_SHOWN_OF_INITIAL_KEYS)]),
    ...(shown === null || shown.beaconVerified
      ? []
      : [
          say('That the value that closed the ceremony is the one of {beacon}: compare it.', {
            beacon: shown.beacon,
          }),
        ]),
    say(
      'That a contributor of the ceremony forgot their secret: ask them; the fewest who signed a key are {fewest}.',
      { fewest: String(fewest) },
    ),
    ...(fewest < 2
      ? [say('That the ceremony was not the platform’s alone: then it can prove anything.')]
      : []),
    ...(untrusted
      ? [say('That nobody knows the secret of the powers of tau, which are not the published ones.')]
      : []),
  ];
}
