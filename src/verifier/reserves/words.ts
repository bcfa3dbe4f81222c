import {
  formatMoney,
  formatNumber,
  say,
  type PlainSentence,
  type Sentence,
} from '../../presentation/index.js';
import { parseDecimal } from '../../protocol/index.js';
import {
  ACCOUNT_CHAINS,
  secondInstantDrawnAt,
  type AccountFamily,
  type AuditEvidence,
  type BalanceLevel,
  type Reserves,
} from '../../protocol/reserves/index.js';
import type { OrderedConclusion } from '../ordered-checklist.js';
import { describeReservesCode, type ReservesFailureCode, type ReservesUnverifiableCode } from './codes.js';
import type { BitcoinChain } from './bitcoin/chain.js';
import type { PinnedAccounts, PinnedChain } from './checks/blocks.js';
import type { AmountMark } from './sums.js';

/** Whether what is owed of an asset, or of all, is held at the level that was asked for. */
export type Coverage = 'covered' | 'short' | 'not-shown';

const SHOWN: Readonly<Record<Coverage, PlainSentence>> = {
  covered: 'Covered: of every asset that is owed, at least as much is held, in kind.',
  short: 'Valid, but short: of an asset that is owed, less is held.',
  'not-shown': 'Valid, but not shown: of an asset that is owed, nothing is shown to be held.',
};

const SECOND =
  'Valid, of a second instant that nobody knew before: to be seen beside the first, and no cover of what is owed.';

const AT_LEVEL: Readonly<Record<BalanceLevel, PlainSentence>> = {
  proven: 'Counted is what the state of a pinned block proves, in wallets whose keys or owners have signed.',
  reproducible:
    'Counted is what is proven, and what an archive node would show: nobody has asked one in this run.',
  attested:
    'Counted is what is proven, and what custodians and auditors confirm under the keys that you pinned.',
  stated: 'Counted is everything that the platform states, proven or not.',
};

/** The same where nodes were asked. */
const AT_LEVEL_ASKED: Readonly<Record<BalanceLevel, PlainSentence>> = {
  ...AT_LEVEL,
  reproducible: 'Counted is what is proven, and what the nodes that you named confirmed in this run.',
};

const ALWAYS_NOT_SHOWN = [
  'That keys are not also someone else’s, copied or stolen.',
  'That it was there before or after the instant.',
  'That another platform does not show the same wallets: compare the two.',
  'That issuers, bridges, staking contracts and custodians honour what they hold.',
  'Who has a legal right to it, and in which order.',
  'Money at banks, and anything else that no chain holds.',
  'That all reserves are listed.',
  'That the pinned hashes are the chain’s: whoever pinned them says so.',
] as const;

/** The answer in a sentence or two. */
export function phraseReservesVerdict(
  conclusion: Pick<OrderedConclusion<ReservesFailureCode, ReservesUnverifiableCode>, 'outcome'> & {
    readonly code?: ReservesFailureCode | ReservesUnverifiableCode;
  },
  {
    outcome,
    level,
    insecure,
    isSecond,
    isAsked,
  }: { outcome: Coverage; level: BalanceLevel; insecure: boolean; isSecond: boolean; isAsked: boolean },
): string {
  const counted = say((isAsked ? AT_LEVEL_ASKED : AT_LEVEL)[level]);
  if (conclusion.outcome === 'valid' && isSecond) return `${say(SECOND)} ${counted}`;
  if (conclusion.outcome === 'valid') {
    const shown = `${say(SHOWN[outcome])} ${counted}`;
    return insecure
      ? say(
          'INSECURE, for tests only: what is owed rests on development keys, with which anyone can prove anything. {shown}',
          { shown },
        )
      : shown;
  }
  const sentence = say(describeReservesCode(conclusion.code!).sentence);
  return conclusion.outcome === 'invalid'
    ? say('Invalid: {sentence}', { sentence })
    : say('Unverifiable: {sentence}', { sentence });
}

/** What a reader might take as shown, and is not. */
export function listReservesNotShown(found: {
  readonly valid: boolean;
  readonly insecure: boolean;
  readonly reservesHashCompared: boolean;
  readonly reserves: Reserves | null;
  readonly chains: ReadonlyMap<string, PinnedChain>;
  readonly bitcoin?: ReadonlyMap<string, BitcoinChain>;
  readonly accounts?: ReadonlyMap<string, PinnedAccounts>;
  /** What only nodes would show. */
  readonly open?: readonly string[];
  readonly audits?: readonly AuditEvidence[];
}): string[] {
  if (!found.valid) return [say('Anything: no part of the reserves is shown by this run.')];
  const settled = [...found.chains.values()].flatMap(({ pin }) =>
    pin.settlement === null
      ? []
      : [
          say('That the blocks of {chain} stand: {settlement}.', {
            ...{ chain: pin.chain, settlement: pin.settlement },
          }),
        ],
  );
  const unsettled = [...(found.bitcoin?.values() ?? [])].flatMap(phraseUnspent);
  const count = found.reserves?.encumbrances.length ?? 0;
  return [
    ...(found.insecure ? [say('INSECURE: anything about what is owed, against whoever made the keys.')] : []),
    ...(found.reservesHashCompared
      ? []
      : [say('That others were shown the same reserves: not compared with what others were shown.')]),
    count === 0
      ? say('That nothing is borrowed, pledged or lent: the platform states nothing of it.')
      : say('That nothing is borrowed, pledged or lent beyond what is stated as not free.'),
    ...unsettled,
    ...[...(found.accounts?.values() ?? [])].flatMap(phraseAccountChain),
    ...phraseAudits(found.audits ?? []),
    ...(found.reserves?.purpose === 'persistence' ? [phraseDrawn(found.reserves.takenAt)] : []),
    ...(found.open ?? []),
    ...settled,
    ...ALWAYS_NOT_SHOWN.map((sentence) => say(sentence)),
  ];
}

/** What the spends after a block leave open, and how to ask about it. */
function phraseUnspent({ pin, number, unsettled }: BitcoinChain): string[] {
  const [first] = unsettled;
  if (first === undefined) return [];
  const { chain } = pin;
  const terms = {
    ...{ chain, number: String(number), node: `${chain}=URL` },
    command: `bitcoin-cli gettxout ${first.transaction} ${first.index} false`,
  };
  return unsettled.length === 1
    ? [
        say(
          'That 1 output of {chain} was unspent at block {number}: ask a node of your own with solvent reserves check --node {node}, or for each like this: {command}',
          terms,
        ),
      ]
    : [
        say(
          'That {count} outputs of {chain} were unspent at block {number}: ask a node of your own with solvent reserves check --node {node}, or for each like this: {command}',
          { ...terms, count: formatNumber(unsettled.length) },
        ),
      ];
}

const DRAWN =
  'That the manifest was public before {drawnAt}, when the second instant was drawn: who names the first one later has chosen both.';

/** What a second instant rests on. @param takenAt the first. */
export function phraseDrawn(takenAt: string): string {
  return say(DRAWN, { drawnAt: secondInstantDrawnAt(takenAt) });
}

/** What is not shown and has values in it. */
export const OPEN_NOT_SHOWN: readonly Sentence[] = [
  DRAWN,
  'What auditor {auditor} saw, whose SHA-256 is {hash}: it has its word that this was there, and is controlled by the platform.',
  'That 1 output of {chain} was unspent at block {number}: ask a node of your own with solvent reserves check --node {node}, or for each like this: {command}',
  'That {count} outputs of {chain} were unspent at block {number}: ask a node of your own with solvent reserves check --node {node}, or for each like this: {command}',
  'That the blocks of {chain} stand: {settlement}.',
  'That accounts of {chain} held at block {number} what is listed, where nobody attests it: {settled}',
  'That block {number} of {chain} is the last at or before the instant: whoever pinned it says so.',
  'That the key of an account of {chain} is the only one that moves what it holds: such accounts may give that to other keys.',
];

/** What rests on auditors alone. */
function phraseAudits(audits: readonly AuditEvidence[]): string[] {
  return [
    ...audits.map(({ auditor, evidenceHash }) =>
      say(
        'What auditor {auditor} saw, whose SHA-256 is {hash}: it has its word that this was there, and is controlled by the platform.',
        { auditor, hash: evidenceHash },
      ),
    ),
    ...(audits.length > 1
      ? [say('That no two auditors were shown the same wallets: none knows what the others saw.')]
      : []),
  ];
}

/** What an account chain leaves to its reader, and whom to ask. */
function phraseAccountChain({ pin, number, hash }: PinnedAccounts): string[] {
  const { chain } = pin;
  const { family } = ACCOUNT_CHAINS[chain]!;
  return [
    say(
      'That accounts of {chain} held at block {number} what is listed, where nobody attests it: {settled}',
      {
        ...{ chain, number: String(number), settled: SETTLED_BY[family](number, hash) },
      },
    ),
    say('That block {number} of {chain} is the last at or before the instant: whoever pinned it says so.', {
      ...{ chain, number: String(number) },
    }),
    ...(KEYS_CHANGE.has(family)
      ? [
          say(
            'That the key of an account of {chain} is the only one that moves what it holds: such accounts may give that to other keys.',
            { chain },
          ),
        ]
      : []),
  ];
}

/** How a reader asks for a balance of an earlier block. */
const SETTLED_BY: Readonly<Record<AccountFamily, (number: number, hash: string) => string>> = {
  tron: (number, hash) =>
    `ask a node that keeps past balances with wallet/getaccountbalance and {"hash":"${hash}","number":${number}}; of a token, add up its Transfer events.`,
  xrp: (number) => `ask a node that keeps all ledgers with account_info and "ledger_index":${number}.`,
  solana: () => 'no node keeps past balances: add up the transactions of each account up to that slot.',
  stellar: (number) =>
    `read the history archive's checkpoint of ledger ${number}, or add up the effects of each account.`,
  cardano: () =>
    'ask an indexer with all outputs of the chain for those of each address at that block, and of a reward address for its rewards alone.',
  cosmos: (number) =>
    `ask an archive node for cosmos/bank/v1beta1/balances with the header x-cosmos-block-height: ${number}.`,
  polkadot: (_, hash) => `ask an archive node for System.Account with state_getStorage at ${hash}.`,
};

/** Where an account's own key may not be the one that controls it. */
const KEYS_CHANGE: ReadonlySet<AccountFamily> = new Set(['tron', 'xrp', 'stellar', 'polkadot', 'cosmos']);

/** What an asset's coverage is called. */
export const COVERAGE_WORDS = {
  covered: 'covered',
  short: 'short',
  'not-shown': 'not shown',
} as const satisfies Readonly<Record<Coverage, PlainSentence>>;

/** What a level of balances is called. */
export const LEVEL_WORDS = {
  proven: 'proven',
  reproducible: 'reproducible',
  attested: 'attested',
  stated: 'stated',
} as const satisfies Readonly<Record<BalanceLevel, PlainSentence>>;

/** What a part of what is held is. */
export const MARK_WORDS = {
  custodian: 'is held by custodians',
  audited: 'is what auditors alone have seen',
  wrapped: 'is wrapped: another’s promise of the asset',
  staked: 'is staked',
  own: 'is the platform’s own token',
  delegated: 'is in accounts that another contract may move (EIP-7702)',
} as const satisfies Readonly<Record<AmountMark, PlainSentence>>;

/** A ratio in per cent, floored to two digits: never rounded up to what is not there. */
export function formatRatio(ratio: string | null): string {
  if (ratio === null) return say('nothing owed');
  const { coefficient, fractionDigits } = parseDecimal(ratio);
  const hundredths = (coefficient * 10_000n) / 10n ** BigInt(fractionDigits);
  return `${formatMoney(hundredths.toString(), 2)} %`;
}
