import { RESERVES_STEPS } from './steps.js';
import { retell, say, spokenLanguage } from '../../presentation/index.js';
import { formatDecimal } from '../../protocol/index.js';
import {
  BALANCE_LEVELS,
  formatReservesHash,
  type AuditEvidence,
  type BalanceLevel,
  type Levels,
  type Reserves,
  type TokenKind,
} from '../../protocol/reserves/index.js';
import type { MadeCheck, OrderedConclusion } from '../ordered-checklist.js';
import type { CountedToken, CountedTokens } from './checks/assets.js';
import type { PinnedAccounts, PinnedChain } from './checks/blocks.js';
import type { BitcoinChain } from './bitcoin/chain.js';
import {
  describeReservesCode,
  type ReservesFailureCode,
  type ReservesReportCode,
  type ReservesUnverifiableCode,
} from './codes.js';
import type { Liabilities, OwedAsset } from './liabilities.js';
import { MARKS, sumAtLevel, type AssetSums, type AmountMark } from './sums.js';
import { listReservesNotShown, OPEN_NOT_SHOWN, phraseReservesVerdict, type Coverage } from './words.js';

/** What is held of one asset against what is owed of it; amounts are decimal strings of proof units. */
export type ReportedReserve = {
  readonly asset: string;
  /** Decimals of the proof unit. */
  readonly decimals: number;
  /** The gross equity of all users. */
  readonly owed: string;
  /** What users owe of it, against collateral. */
  readonly owedByUsers: string;
  /** What counts at each level, and is free. */
  readonly byLevel: Readonly<Record<BalanceLevel, string>>;
  /** Every pair of levels of which there is something. */
  readonly cells: readonly (Levels & { readonly amount: string })[];
  /** What counts at the level that was asked for. */
  readonly held: string;
  /** Of that, what is of each kind. */
  readonly ofIt: Readonly<Record<AmountMark, string>>;
  /** What is pledged, lent, borrowed or locked, and counts at no level. */
  readonly encumbered: string;
  /** held / owed, floored to six digits; null where nothing is owed. */
  readonly ratio: string | null;
  /** (held + owedByUsers) / owed, floored; null where nothing is owed. */
  readonly ratioWithDebt: string | null;
  readonly outcome: Coverage;
};

/** The same as the platform states it, before anyone has verified it. */
export type StatedReserve = Omit<ReportedReserve, 'ofIt'>;

/** A token that was counted, by the caller's pins; `contract` is null for a chain's own coin. */
export type ReportedToken = {
  readonly chain: string;
  readonly contract: string | null;
  readonly asset: string;
  readonly kind: TokenKind;
  /** Who issues it, in the words of the pins; null for a chain's own coin. */
  readonly issuer: string | null;
};

/** A chain at the block that reserves were proven at. */
export type ReportedBlock = {
  readonly chain: string;
  readonly number: number;
  readonly hash: string;
  /** Null where nothing of the block was read: of an account chain. */
  readonly timestampSeconds: number | null;
  readonly settlement: string | null;
};

/** The answer of the verifier on reserves. What the platform states is in it only where the answer is valid. */
export type ReservesReport = {
  readonly format: 'solvent/reserves-report/v1';
  readonly valid: boolean;
  readonly code: ReservesReportCode;
  /** Whether every asset that is owed is covered at the level; `not-shown` where the answer is not valid. */
  readonly outcome: Coverage;
  /** The balance level that was asked for, with the control that belongs to it. */
  readonly level: BalanceLevel;
  readonly verdict: string;
  /** What to do next; null where the answer is valid. */
  readonly advice: string | null;
  /** Whether what is owed rests on keys that can prove anything. */
  readonly insecure: boolean;
  /** Whether it is of the manifest's instant, or of a second one; null where the answer is not valid. */
  readonly purpose: Reserves['purpose'] | null;
  readonly platform: string | null;
  /** The instant, RFC 3339 in UTC. */
  readonly takenAt: string | null;
  readonly manifestHash: string | null;
  readonly manifestHashCompared: boolean;
  readonly trustHash: string | null;
  readonly pinsHash: string | null;
  readonly reservesHash: string | null;
  readonly reservesHashCompared: boolean;
  /** What all signatures are bound to. */
  readonly challenge: string | null;
  readonly assets: readonly ReportedReserve[];
  readonly tokens: readonly ReportedToken[];
  readonly blocks: readonly ReportedBlock[];
  readonly custodians: Reserves['custodians'];
  readonly encumbrances: Reserves['encumbrances'];
  readonly checks: readonly MadeCheck[];
  /** What a reader might take as shown, and is not. */
  readonly notShown: readonly string[];
};

/** What the checks of reserves found on their way. */
export type ReservesFindings = {
  reserves: Reserves | null;
  pinsHash: string | null;
  liabilities: Liabilities | null;
  /** The instant that the blocks are held to. */
  instant: string | null;
  challenge: string | null;
  chains: ReadonlyMap<string, PinnedChain>;
  bitcoin: ReadonlyMap<string, BitcoinChain>;
  accounts: ReadonlyMap<string, PinnedAccounts>;
  tokens: CountedTokens;
  sums: readonly AssetSums[];
  /** Whether nodes of the caller's were asked. */
  isAsked: boolean;
  audits: readonly AuditEvidence[];
  /** What only nodes would show, in sentences. */
  open: readonly string[];
};

/** `proven`, and each level after it at which more is held of any asset than at the one before: what a table has to show. */
export function listLevelsApart(assets: readonly Pick<ReportedReserve, 'byLevel'>[]): BalanceLevel[] {
  return BALANCE_LEVELS.filter(
    (level, index) =>
      index === 0 || assets.some(({ byLevel }) => byLevel[level] !== byLevel[BALANCE_LEVELS[index - 1]!]),
  );
}

/** Digits of a ratio. */
const RATIO_DIGITS = 6;

/** The report on a run of checks that has ended. */
export function composeReservesReport(
  checks: readonly MadeCheck[],
  conclusion: OrderedConclusion<ReservesFailureCode, ReservesUnverifiableCode>,
  {
    findings,
    level,
    reservesHash,
  }: {
    readonly findings: ReservesFindings;
    readonly level: BalanceLevel;
    readonly reservesHash: string | undefined;
  },
): ReservesReport {
  const valid = conclusion.outcome === 'valid';
  const { reserves, liabilities, chains, bitcoin, accounts } = findings;
  const insecure = liabilities?.insecure ?? false;
  const isSecond = reserves?.purpose === 'persistence';
  const found = valid ? reportAssets(findings, level) : [];
  const assets = isSecond ? found.map(withoutCover) : found;
  const outcome = valid ? coverAll(assets) : 'not-shown';
  const reservesHashCompared = reserves !== null && reservesHash !== undefined;
  return {
    format: 'solvent/reserves-report/v1',
    valid,
    code: valid ? 'valid' : conclusion.code,
    outcome,
    level,
    verdict: phraseReservesVerdict(conclusion, {
      outcome,
      level,
      insecure,
      isSecond,
      isAsked: findings.isAsked,
    }),
    advice: valid ? null : describeReservesCode(conclusion.code).advice,
    insecure,
    purpose: valid ? reserves!.purpose : null,
    platform: valid ? reserves!.platform : null,
    takenAt: valid ? findings.instant : null,
    manifestHash: liabilities?.manifestHash ?? null,
    manifestHashCompared: liabilities?.manifestHashCompared ?? false,
    trustHash: liabilities?.trustHash ?? null,
    pinsHash: findings.pinsHash,
    reservesHash: reserves === null ? null : formatReservesHash(reserves),
    reservesHashCompared,
    challenge: findings.challenge,
    assets,
    tokens: valid ? [...findings.tokens.values()].map(reportToken) : [],
    blocks: valid
      ? [
          ...[...chains].map(([chain, pinned]) => reportBlock(chain, pinned)),
          ...[...bitcoin.values()].map(reportBitcoinBlock),
          ...[...accounts.values()].map(reportAccountBlock),
        ]
      : [],
    custodians: valid ? reserves!.custodians : [],
    encumbrances: valid ? reserves!.encumbrances : [],
    checks,
    notShown: listReservesNotShown({
      ...{
        valid,
        insecure,
        reservesHashCompared,
        reserves,
        chains,
        open: findings.open,
        audits: findings.audits,
      },
      // What nodes were asked about is in the list of what is open, as far as it is.
      bitcoin: findings.isAsked ? new Map() : bitcoin,
      accounts,
    }),
  };
}

/** A report on reserves in the language that is spoken; what a check compared stays in the words of the verifier. */
export function retellReserves(report: ReservesReport): ReservesReport {
  if (spokenLanguage() === 'en') return report;
  const { valid, code, outcome, level, insecure, purpose } = report;
  const failure = valid ? undefined : (code as ReservesFailureCode | ReservesUnverifiableCode);
  const entry = failure === undefined ? undefined : describeReservesCode(failure);
  const conclusion =
    failure === undefined
      ? ({ outcome: 'valid' } as const)
      : {
          outcome: entry!.class === 'trust' ? ('unverifiable' as const) : ('invalid' as const),
          code: failure,
        };
  return {
    ...report,
    verdict: phraseReservesVerdict(conclusion, {
      ...{ outcome, level, insecure, isSecond: valid && purpose === 'persistence' },
      // The check of nodes is there where some were asked.
      isAsked: report.checks.some(({ title }) => title === RESERVES_STEPS.nodes.title),
    }),
    advice: entry === undefined ? null : say(entry.advice),
    checks: report.checks.map((check) => ({ ...check, title: retell(check.title) })),
    notShown: report.notShown.map((line) => retell(line, OPEN_NOT_SHOWN)),
  };
}

function reportAssets({ liabilities, sums }: ReservesFindings, level: BalanceLevel): ReportedReserve[] {
  return liabilities!.assets.map((owed, index) => reportAsset(owed, sums[index]!, level));
}

/**
 * What `reserves.json` states of each asset that is owed, at the level `proven`: for showing beside its signature. It is not
 * verified here.
 */
export function reportStatedReserves({ totals }: Reserves, owed: readonly OwedAsset[]): StatedReserve[] {
  return owed.map((each) => {
    const stated = totals.find(({ asset }) => asset === each.asset);
    const cells = (stated?.cells ?? []).map(({ amount, ...levels }) => ({
      ...levels,
      amountUnits: BigInt(amount),
    }));
    return coverAsset(each, { cells, encumberedUnits: BigInt(stated?.encumbered ?? 0) }, 'proven');
  });
}

function reportAsset(owed: OwedAsset, sums: AssetSums, level: BalanceLevel): ReportedReserve {
  return {
    ...coverAsset(owed, sums, level),
    ofIt: mapTo(MARKS, (mark) => sums.markedUnits(level, mark).toString()),
  };
}

function coverAsset(
  { asset, decimals, equityUnits, debtUnits }: OwedAsset,
  sums: Pick<AssetSums, 'cells' | 'encumberedUnits'>,
  level: BalanceLevel,
): StatedReserve {
  const held = sumAtLevel(sums.cells, level);
  const ratio = (amount: bigint) =>
    equityUnits === 0n
      ? null
      : formatDecimal({
          coefficient: (amount * 10n ** BigInt(RATIO_DIGITS)) / equityUnits,
          fractionDigits: RATIO_DIGITS,
        });
  return {
    asset,
    decimals,
    owed: equityUnits.toString(),
    owedByUsers: debtUnits.toString(),
    byLevel: mapTo(BALANCE_LEVELS, (each) => sumAtLevel(sums.cells, each).toString()),
    cells: sums.cells.map(({ balance, control, amountUnits }) => ({
      balance,
      control,
      amount: amountUnits.toString(),
    })),
    held: held.toString(),
    encumbered: sums.encumberedUnits.toString(),
    ratio: ratio(held),
    ratioWithDebt: ratio(held + debtUnits),
    outcome: held >= equityUnits ? 'covered' : held === 0n ? 'not-shown' : 'short',
  };
}

/** What is held at a second instant covers nothing: it shows what was there for a day alone. */
function withoutCover(asset: ReportedReserve): ReportedReserve {
  return { ...asset, ratio: null, ratioWithDebt: null, outcome: 'not-shown' };
}

/** Short before not shown: less than is owed is known of one, and nothing of the other. */
function coverAll(assets: readonly ReportedReserve[]): Coverage {
  const outcomes = new Set(assets.map(({ outcome }) => outcome));
  return outcomes.has('short') ? 'short' : outcomes.has('not-shown') ? 'not-shown' : 'covered';
}

function reportToken({ chain, token, named, asset, kind }: CountedToken): ReportedToken {
  const { contract = null, issuer = null } = named ?? token ?? {};
  return { chain, contract, asset, kind, issuer };
}

function reportBlock(chain: string, { pin, header }: PinnedChain): ReportedBlock {
  return {
    chain,
    number: Number(header.number),
    hash: header.hash,
    timestampSeconds: Number(header.timestampSeconds),
    settlement: pin.settlement,
  };
}

function reportBitcoinBlock({ pin, number, headers, medianTimeSeconds }: BitcoinChain): ReportedBlock {
  const hash = headers.hashOf(number);
  return { chain: pin.chain, number, hash, timestampSeconds: medianTimeSeconds, settlement: null };
}

function reportAccountBlock({ pin, number, hash }: PinnedAccounts): ReportedBlock {
  return { chain: pin.chain, number, hash, timestampSeconds: null, settlement: null };
}

function mapTo<Key extends string, Value>(
  keys: readonly Key[],
  valueOf: (key: Key) => Value,
): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<Key, Value>;
}
