import { deriveChallenge, hashPins, type BalanceLevel, type Pins } from '../../protocol/reserves/index.js';
import { OrderedChecklist } from '../ordered-checklist.js';
import { checkAssets } from './checks/assets.js';
import { assertAllNeeded, checkBalances } from './checks/balances.js';
import { checkBlocks, type PinnedChains } from './checks/blocks.js';
import { checkControl } from './checks/control.js';
import { checkNodes, describeUnasked, type AskNode } from './checks/nodes.js';
import { checkOnce } from './checks/once.js';
import {
  checkReservesSignature,
  compareReservesHash,
  matchManifest,
  requireInstant,
  requireBundle,
} from './checks/origin.js';
import { readContents, readReserves, type ReservesContents } from './checks/reading.js';
import { checkSums } from './checks/sums.js';
import {
  isReservesFailure,
  isReservesUnverifiable,
  type ReservesFailureCode,
  type ReservesUnverifiableCode,
  missForReserves,
} from './codes.js';
import { verifyWithNoble, type VerifyEcdsa } from './bitcoin/spend.js';
import { recoverWithNoble, type RecoverSigners } from './evm/signature.js';

import type { BundleVerdict, Liabilities } from './liabilities.js';
import { composeReservesReport, type ReservesFindings, type ReservesReport } from './report.js';
import type { ReservesSource } from './source.js';
import { RESERVES_STEPS, type ReservesStep } from './steps.js';

/** What a verification of reserves is told by its caller. */
export type VerifyReservesOptions = {
  /** How the verification of the bundle ended, by the caller's trust file. */
  readonly bundle: BundleVerdict | undefined;
  /** The caller's pins, never the platform's. */
  readonly pins: Pins | undefined;
  /** The balance level that counts, with the control that belongs to it; `proven` unless another is named. */
  readonly level?: BalanceLevel | undefined;
  /** The reserves hash from a public place, 64 hexadecimal digits in lower case. */
  readonly reservesHash?: string | undefined;
  /** How signers are recovered; noble's way, which runs everywhere, unless another is given. */
  readonly recover?: RecoverSigners | undefined;
  /** How signatures of Bitcoin are verified; noble's way, which runs everywhere, unless another is given. */
  readonly verify?: VerifyEcdsa | undefined;
  /** How nodes of the caller's own are asked about what is reproducible; without it, none is asked. */
  readonly askNode?: AskNode | undefined;
};

type Checks = OrderedChecklist<ReservesStep, ReservesFailureCode, ReservesUnverifiableCode>;

/**
 * Verifies reserves: all checks of section 8 of docs/reserves.md, without a network.
 * @throws what the source throws where it cannot be read, and errors of class `invariant`; what is wrong with the reserves
 * is in the report and never thrown.
 */
export async function verifyReserves(
  source: ReservesSource,
  options: VerifyReservesOptions,
): Promise<ReservesReport> {
  const { level = 'proven', reservesHash } = options;
  const codes = { isFailure: isReservesFailure, isUnverifiable: isReservesUnverifiable };
  const checks: Checks = new OrderedChecklist(RESERVES_STEPS, codes, planSteps(options));
  const findings: ReservesFindings = {
    reserves: null,
    pinsHash: null,
    liabilities: null,
    instant: null,
    challenge: null,
    chains: new Map(),
    bitcoin: new Map(),
    accounts: new Map(),
    tokens: new Map(),
    sums: [],
    isAsked: options.askNode !== undefined,
    audits: [],
    open: [],
  };
  const conclusion = await checks.conclude(async () => {
    const { pins, liabilities } = await checkOrigin(checks, { source, options, findings });
    await checkEntries(checks, { source, options, findings, pins, liabilities });
  });
  return composeReservesReport(checks.list(), conclusion, { findings, level, reservesHash });
}

type Run = {
  readonly source: ReservesSource;
  readonly options: VerifyReservesOptions;
  readonly findings: ReservesFindings;
};

/** 8.1 and 8.2: who says it, and of which snapshot. */
async function checkOrigin(
  checks: Checks,
  { source, options, findings }: Run,
): Promise<{ readonly pins: Pins; readonly liabilities: Liabilities }> {
  const { bundle, reservesHash } = options;
  // 8.1 Canonical, of their schemas, lists sorted and distinct; pins.
  const signed = await checks.make('form', () => readReserves(source));
  const { reserves } = signed;
  findings.reserves = reserves;
  const pins = await checks.make('pins', () => requirePins(options.pins));
  findings.pinsHash = hashPins(pins);
  // 8.2 What is owed; the reserves as others were shown them; the signature; the same snapshot.
  const liabilities = await checks.make('bundle', () => requireBundle(bundle));
  findings.liabilities = liabilities;
  if (reservesHash === undefined) {
    checks.skip('reserves-hash', 'not compared with what others were shown: bring a hash');
  } else await checks.make('reserves-hash', () => compareReservesHash(reserves, reservesHash));
  await checks.make('signature', () => checkReservesSignature(signed, liabilities));
  await checks.make('manifest', () => matchManifest(reserves, liabilities));
  findings.instant = await checks.make('instant', () => requireInstant(reserves));
  const { platform, snapshotHash, signingKey } = liabilities;
  const { blocks } = reserves;
  const takenAt = findings.instant;
  findings.challenge = deriveChallenge({ platform, takenAt, snapshotHash, signingKey, blocks });
  return { pins, liabilities };
}

/** 8.3 to 8.9: what is held, and who controls it. */
async function checkEntries(
  checks: Checks,
  run: Run & { readonly pins: Pins; readonly liabilities: Liabilities },
): Promise<void> {
  const { source, options, findings, pins, liabilities } = run;
  const { recover = recoverWithNoble, verify = verifyWithNoble } = options;
  // All that follows is held to the instant that was drawn, where one was.
  const reserves = { ...findings.reserves!, takenAt: findings.instant! };
  const challenge = findings.challenge!;
  // 8.3 Each file as it was signed, each line of its form.
  const contents = await checks.make('files', () => readContents(source, reserves));
  // 8.4 Each block the pinned one, and the last at or before the instant.
  const pinned = await checks.make('blocks', () => checkBlocks(reserves, contents, pins));
  findings.chains = pinned.chains;
  findings.bitcoin = pinned.bitcoin;
  findings.accounts = pinned.accounts;
  // 8.5 Each thing once, over all lists.
  await checks.make('once', () => checkOnce(reserves, contents));
  // 8.6 Each token the pinned one, by its code at the block.
  const tokens = await checks.make('assets', () => checkAssets(contents, pinned, { pins, liabilities }));
  findings.tokens = tokens;
  // 8.7 Each claim of control shown.
  const { delegated, confirmations, audits } = await checks.make('control', () =>
    checkControl(contents, { reserves, challenge, pins, ...pinned, recover, verify }),
  );
  findings.audits = [...audits.values()];
  // 8.8 Each proven amount that of the state, each confirmed one that of its custodian; no node too few or too many.
  await checks.make('balances', () => {
    const passed = checkBalances(contents, pinned, { tokens, confirmations, audits, liabilities });
    assertAllNeeded(contents, pinned);
    return passed;
  });
  // 8.8 What is only reproducible, by nodes of the caller's; what none confirms counts as stated.
  const unsettled = await settle(checks, { ...run, contents, pinned });
  // 8.9 The sums.
  findings.sums = await checks.make('sums', () =>
    checkSums(reserves, contents, { tokens, delegated, liabilities, unsettled }),
  );
}

async function settle(
  checks: Checks,
  {
    options: { askNode },
    findings,
    contents,
    pinned,
  }: Run & { readonly contents: ReservesContents; readonly pinned: PinnedChains },
): Promise<ReadonlySet<string>> {
  if (askNode === undefined) {
    findings.open = describeUnasked(contents, pinned);
    return new Set();
  }
  const { unsettled, open } = await checks.make('nodes', () => checkNodes(contents, pinned, askNode));
  findings.open = open;
  return unsettled;
}

/** The check of nodes is part of a run in which nodes are asked. */
function planSteps({ askNode }: VerifyReservesOptions): ReservesStep[] {
  const steps = Object.keys(RESERVES_STEPS) as ReservesStep[];
  return askNode === undefined ? steps.filter((step) => step !== 'nodes') : steps;
}

function requirePins(pins: Pins | undefined) {
  if (pins === undefined) throw missForReserves('pins-missing', 'expected pins, got none');
  return { value: pins, compared: `pins ${hashPins(pins)}` };
}
