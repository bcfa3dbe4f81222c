import { formatCount } from '../../presentation/index.js';
import { parseDecimal } from '../../protocol/index.js';
import {
  ACCOUNT_CHAINS,
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

const SHOWN: Readonly<Record<Coverage, string>> = {
  covered: 'Covered: of every asset that is owed, at least as much is held, in kind.',
  short: 'Valid, but short: of an asset that is owed, less is held.',
  'not-shown': 'Valid, but not shown: of an asset that is owed, nothing is shown to be held.',
};

const SECOND =
  'Valid, of a second instant that nobody knew before: to be seen beside the first, and no cover of what is owed.';

const AT_LEVEL: Readonly<Record<BalanceLevel, string>> = {
  proven: 'Counted is what the state of a pinned block proves, in wallets whose keys or owners have signed.',
  reproducible:
    'Counted is what is proven, and what an archive node would show: nobody has asked one in this run.',
  attested:
    'Counted is what is proven, and what custodians and auditors confirm under the keys that you pinned.',
  stated: 'Counted is everything that the platform states, proven or not.',
};

const AT_LEVEL_ASKED: Readonly<Record<BalanceLevel, string>> = {
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
  conclusion: OrderedConclusion<ReservesFailureCode, ReservesUnverifiableCode>,
  {
    outcome,
    level,
    insecure,
    isSecond,
    isAsked,
  }: { outcome: Coverage; level: BalanceLevel; insecure: boolean; isSecond: boolean; isAsked: boolean },
): string {
  const counted = (isAsked ? AT_LEVEL_ASKED : AT_LEVEL)[level];
  if (conclusion.outcome === 'valid' && isSecond) return `${SECOND} ${counted}`;
  if (conclusion.outcome === 'valid') {
    const shown = `${SHOWN[outcome]} ${counted}`;
    return insecure
      ? `INSECURE, for tests only: what is owed rests on development keys, with which anyone can prove anything. ${shown}`
      : shown;
  }
  const { sentence } = describeReservesCode(conclusion.code);
  return conclusion.outcome === 'invalid' ? `Invalid: ${sentence}` : `Unverifiable: ${sentence}`;
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
  if (!found.valid) return ['Anything: no part of the reserves is shown by this run.'];
  const settled = [...found.chains.values()].flatMap(({ pin }) =>
    pin.settlement === null ? [] : [`That the blocks of ${pin.chain} stand: ${pin.settlement}.`],
  );
  const unsettled = [...(found.bitcoin?.values() ?? [])].flatMap(({ pin, number, unsettled: outputs }) =>
    outputs.length === 0
      ? []
      : [
          `That ${formatCount(outputs.length, 'output')} of ${pin.chain} ${outputs.length === 1 ? 'was' : 'were'} unspent at block ${number}: ask a node of your own with solvent reserves check --node ${pin.chain}=URL, or for each like this: bitcoin-cli gettxout ${outputs[0]!.transaction} ${outputs[0]!.index} false`,
        ],
  );
  const count = found.reserves?.encumbrances.length ?? 0;
  return [
    ...(found.insecure ? ['INSECURE: anything about what is owed, against whoever made the keys.'] : []),
    ...(found.reservesHashCompared
      ? []
      : ['That others were shown the same reserves: not compared with what others were shown.']),
    count === 0
      ? 'That nothing is borrowed, pledged or lent: the platform states nothing of it.'
      : 'That nothing is borrowed, pledged or lent beyond what is stated as not free.',
    ...unsettled,
    ...[...(found.accounts?.values() ?? [])].flatMap(phraseAccountChain),
    ...phraseAudits(found.audits ?? []),
    ...(found.open ?? []),
    ...settled,
    ...ALWAYS_NOT_SHOWN,
  ];
}

/** What rests on auditors alone. */
function phraseAudits(audits: readonly AuditEvidence[]): string[] {
  return [
    ...audits.map(
      ({ auditor, evidenceHash }) =>
        `What auditor ${auditor} saw, whose SHA-256 is ${evidenceHash}: it has its word that this was there, and is controlled by the platform.`,
    ),
    ...(audits.length > 1
      ? ['That no two auditors were shown the same wallets: none knows what the others saw.']
      : []),
  ];
}

/** What an account chain leaves to its reader, and whom to ask. */
function phraseAccountChain({ pin, number, hash }: PinnedAccounts): string[] {
  const { chain } = pin;
  const { family } = ACCOUNT_CHAINS[chain]!;
  return [
    `That accounts of ${chain} held at block ${number} what is listed, where nobody attests it: ${SETTLED_BY[family](number, hash)}`,
    `That block ${number} of ${chain} is the last at or before the instant: whoever pinned it says so.`,
    ...(KEYS_CHANGE.has(family)
      ? [
          `That the key of an account of ${chain} is the only one that moves what it holds: such accounts may give that to other keys.`,
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
  cardano: () => 'ask an indexer with all outputs of the chain for those of each address at that block.',
  cosmos: (number) =>
    `ask an archive node for cosmos/bank/v1beta1/balances with the header x-cosmos-block-height: ${number}.`,
  polkadot: (_, hash) => `ask an archive node for System.Account with state_getStorage at ${hash}.`,
};

/** Where an account's own key may not be the one that controls it. */
const KEYS_CHANGE: ReadonlySet<AccountFamily> = new Set(['tron', 'xrp', 'stellar', 'polkadot', 'cosmos']);

/** What an asset's coverage is called. */
export const COVERAGE_WORDS: Readonly<Record<Coverage, string>> = {
  covered: 'covered',
  short: 'short',
  'not-shown': 'not shown',
};

/** What a part of what is held is. */
export const MARK_WORDS: Readonly<Record<AmountMark, string>> = {
  custodian: 'is held by custodians',
  audited: 'is what auditors alone have seen',
  wrapped: 'is wrapped: another’s promise of the asset',
  staked: 'is staked',
  own: 'is the platform’s own token',
  delegated: 'is in accounts that another contract may move (EIP-7702)',
};

/** A ratio in per cent, floored to two digits: never rounded up to what is not there. */
export function formatRatio(ratio: string | null): string {
  if (ratio === null) return 'nothing owed';
  const { coefficient, fractionDigits } = parseDecimal(ratio);
  const hundredths = (coefficient * 10_000n) / 10n ** BigInt(fractionDigits);
  const digits = hundredths.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)} %`;
}
