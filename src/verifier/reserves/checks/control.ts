import { isSignedBy, within } from '../../../protocol/index.js';
import {
  auditMessage,
  composeMessage,
  confirmationMessage,
  hashBesides,
  isOnChain,
  joinKey,
  type AuditEvidence,
  type BitcoinEvidence,
  type OutputEntry,
  type ConfirmationEvidence,
  type Evidence,
  type Pins,
  type ReserveEntry,
  type Reserves,
  type SafeEvidence,
  type SignatureEvidence,
} from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import { checkAccountEvidence } from '../accounts/control.js';
import type { BitcoinChain } from '../bitcoin/chain.js';
import { checkBitcoinEvidence, listScripts, SignedOutputs } from '../bitcoin/control.js';
import type { VerifyEcdsa } from '../bitcoin/spend.js';
import {
  hashMessage,
  parseEvmSignature,
  type RecoverSigners,
  type SignatureClaim,
} from '../evm/signature.js';
import { EMPTY_CODE_HASH, hashDelegation, type ProvenState } from '../evm/state.js';
import { readSafe } from '../evm/wallet-contract.js';
import { refuseUse } from '../../errors.js';
import { refuseReserves } from '../codes.js';
import type { PinnedAccounts, PinnedChain } from './blocks.js';
import type { ReservesLine } from '../lines.js';
import type { ReservesContents } from './reading.js';

/** What the check of control found besides. */
export type ShownControl = {
  /** Wallets whose code lets another contract move what they hold, by chain and address. */
  readonly delegated: ReadonlySet<string>;
  /** By custodian. */
  readonly confirmations: ReadonlyMap<string, ConfirmationEvidence>;
  /** By auditor. */
  readonly audits: ReadonlyMap<string, AuditEvidence>;
};

/** What signatures are held to. */
export type ControlContext = {
  readonly reserves: Reserves;
  readonly challenge: string;
  readonly pins: Pins;
  readonly chains: ReadonlyMap<string, PinnedChain>;
  readonly bitcoin: ReadonlyMap<string, BitcoinChain>;
  readonly accounts: ReadonlyMap<string, PinnedAccounts>;
  readonly recover: RecoverSigners;
  readonly verify: VerifyEcdsa;
};

type ExpectedSigner = { readonly claim: SignatureClaim; readonly signer: string; readonly position: string };

/** 8.7: each claimed level of control has its evidence, and each piece of evidence a claim that it shows. */
export async function checkControl(
  { entries, evidence }: ReservesContents,
  context: ControlContext,
): Promise<Passed<ShownControl>> {
  const shown = new Map<string, 'signed' | 'owners'>();
  const delegated = new Set<string>();
  const confirmations = new Map<string, ConfirmationEvidence>();
  const audits = new Map<string, AuditEvidence>();
  const signers: ExpectedSigner[] = [];
  const positions = new Map<string, string>();
  let accountCount = 0;
  const outputs = showOutputs(entries, evidence, context);
  for (const { line, position } of evidence) {
    if (line.kind === 'bitcoin') continue;
    const subject = keyOfSubject(line);
    if (positions.has(subject)) {
      throw refuseReserves(
        'evidence-not-used',
        `expected one piece of evidence a wallet, got two at ${position}`,
      );
    }
    positions.set(subject, position);
    if (line.kind === 'confirmation') {
      confirmations.set(line.custodian, checkConfirmation(line, position, context));
      continue;
    }
    if (line.kind === 'audit') {
      audits.set(line.auditor, checkAudit(line, position, { ...context, entries }));
      continue;
    }
    if (line.kind === 'account') {
      if (!context.accounts.has(line.chain)) {
        throw refuseReserves('chain-not-listed', `expected a chain with a block at ${position}, got another`);
      }
      checkAccountEvidence(line, position, { ...context.reserves, challenge: context.challenge });
      shown.set(subject, 'signed');
      accountCount += 1;
      continue;
    }
    const found = readWalletEvidence(line, position, context);
    shown.set(subject, found.control);
    if (found.isDelegated) delegated.add(subject);
    signers.push(...found.signers);
  }

  const used = new Set<string>();
  const confirmedWallets = listConfirmedWallets(confirmations);
  for (const { line: entry, position } of entries) {
    if (entry.kind === 'output' && entry.control === 'spent') {
      context.bitcoin.get(entry.chain)!.assertSpentFor(entry, position, context);
      continue;
    }
    // An amount that is attested needs its confirmation, whoever controls it.
    if (entry.kind === 'account' && entry.custodian !== null) {
      used.add(joinKey('confirmation', entry.custodian));
    }
    const subject = keyOfClaim(entry);
    if (subject === undefined) continue;
    if (!isClaimShown(entry, { subject, shown, outputs, confirmations, audits, confirmedWallets })) {
      throw refuseReserves(
        'control-not-shown',
        `expected evidence of the control claimed at ${position}, got none`,
      );
    }
    used.add(subject);
  }
  for (const [subject, position] of positions) {
    if (!used.has(subject)) {
      throw refuseReserves('evidence-not-used', `expected a claim for the evidence at ${position}, got none`);
    }
  }
  outputs.assertAllUsed();
  await assertSigned(signers, context.recover);
  return {
    value: { delegated, confirmations, audits },
    compared: `${formatCount(signers.length + accountCount, 'signature')} over messages made here, and ${formatCount(confirmations.size + audits.size, 'confirmation')}; challenge ${context.challenge}`,
  };
}

/** What signed messages of Bitcoin show, each verified over the message for its address. */
function showOutputs(
  entries: ReservesContents['entries'],
  evidence: ReservesContents['evidence'],
  { bitcoin, reserves, challenge, verify }: ControlContext,
): SignedOutputs {
  const outputs = new SignedOutputs();
  const isOutput = (entry: ReservesLine<ReserveEntry>): entry is ReservesLine<OutputEntry> =>
    entry.line.kind === 'output';
  const scripts = listScripts(entries.filter(isOutput), bitcoin);
  const { platform, takenAt } = reserves;
  for (const { line, position } of evidence) {
    if (line.kind !== 'bitcoin') continue;
    const chain = bitcoin.get(line.chain);
    if (chain === undefined) {
      throw refuseReserves('chain-not-listed', `expected a chain with a block at ${position}, got another`);
    }
    const script = scripts.get(joinKey(line.chain, line.address));
    const found = checkBitcoinEvidence(line, position, {
      chain,
      script,
      platform,
      takenAt,
      challenge,
      verify,
    });
    outputs.add(line, position, found);
  }
  return outputs;
}

/** What a wallet's evidence shows once the signatures are known to be of the signers. */
type WalletEvidence = {
  readonly control: 'signed' | 'owners';
  readonly isDelegated: boolean;
  readonly signers: readonly ExpectedSigner[];
};

function readWalletEvidence(
  line: SignatureEvidence | SafeEvidence,
  position: string,
  context: ControlContext,
): WalletEvidence {
  const chain = context.chains.get(line.chain);
  if (chain === undefined) {
    throw refuseReserves('chain-not-listed', `expected a chain with a block at ${position}, got another`);
  }
  const digest = hashMessage(composeMessage(context.reserves, context.challenge, line));
  const expect = (signer: string, signature: string): ExpectedSigner => ({
    claim: { digest, ...parseEvmSignature(signature, position) },
    signer,
    position,
  });
  if (line.kind === 'signature') {
    const isDelegated = assertKeyAccount(chain.state, { ...line, position }, context.pins);
    const signers = [expect(line.address, line.signature)];
    return { control: isDelegated ? 'owners' : 'signed', isDelegated, signers };
  }
  const { owners, threshold } = within(position, () => readSafe(chain.state, line.address, context.pins));
  const members = new Set(owners);
  // The list is in the strict order of its owners, so each of them is there once.
  const signing = line.signatures.filter(({ owner }) => members.has(owner));
  if (signing.length !== line.signatures.length || signing.length < threshold) {
    throw refuseReserves(
      'control-not-shown',
      `expected signatures of ${threshold} of ${owners.length} owners at ${position}, got ${signing.length} of owners among ${line.signatures.length}`,
    );
  }
  let isDelegated = false;
  for (const { owner, delegate } of signing) {
    isDelegated =
      assertKeyAccount(chain.state, { address: owner, delegate, position }, context.pins) || isDelegated;
  }
  return {
    control: 'owners',
    isDelegated,
    signers: signing.map(({ owner, signature }) => expect(owner, signature)),
  };
}

/**
 * Holds an address to be one that its key controls: it has no code, or that of a reviewed delegate (EIP-7702).
 * @returns whether it has a delegate.
 */
function assertKeyAccount(
  state: ProvenState,
  subject: { readonly address: string; readonly delegate: string | null; readonly position: string },
  { delegates }: Pins,
): boolean {
  const { address, delegate, position } = subject;
  const codeHash = within(position, () => state.readCodeHash(address));
  if (delegate === null) {
    if (codeHash === EMPTY_CODE_HASH) return false;
    throw refuseReserves('contract-not-reviewed', `expected no code at the address at ${position}, got some`);
  }
  const pin = delegates.find((known) => known.address === delegate);
  if (codeHash !== hashDelegation(delegate) || state.readCodeHash(delegate) !== pin?.codeHash) {
    throw refuseReserves(
      'contract-not-reviewed',
      `expected an account that runs a delegate of the pins at ${position}, got another`,
    );
  }
  return true;
}

function checkConfirmation(
  line: ConfirmationEvidence,
  position: string,
  { pins, challenge }: ControlContext,
): ConfirmationEvidence {
  const pin = pins.custodians.find(({ id }) => id === line.custodian);
  if (pin === undefined) {
    throw refuseReserves(
      'custodian-not-pinned',
      `expected a custodian of the pins at ${position}, got another`,
    );
  }
  if (!isSignedBy(pin.signingKey, confirmationMessage(line, challenge), line.signature)) {
    throw refuseReserves(
      'confirmation-invalid',
      `expected a signature of custodian ${pin.id} for this challenge at ${position}, got another`,
    );
  }
  return line;
}

function checkAudit(
  line: AuditEvidence,
  position: string,
  { pins, challenge, entries }: ControlContext & Pick<ReservesContents, 'entries'>,
): AuditEvidence {
  const pin = pins.auditors?.find(({ id }) => id === line.auditor);
  if (pin === undefined) {
    throw refuseReserves('auditor-not-pinned', `expected an auditor of the pins at ${position}, got another`);
  }
  if (!isSignedBy(pin.signingKey, auditMessage(line, challenge), line.signature)) {
    throw refuseReserves(
      'audit-invalid',
      `expected a signature of auditor ${pin.id} for this challenge at ${position}, got another`,
    );
  }
  if (line.besides !== hashBesides(entries.map(({ line: entry }) => entry))) {
    throw refuseReserves(
      'audit-of-other-entries',
      `expected an audit beside these entries at ${position}, got one beside others`,
    );
  }
  return line;
}

function isClaimShown(
  entry: ReserveEntry,
  found: {
    readonly subject: string;
    readonly shown: ReadonlyMap<string, 'signed' | 'owners'>;
    readonly outputs: SignedOutputs;
    readonly confirmations: ReadonlyMap<string, ConfirmationEvidence>;
    readonly audits: ReadonlyMap<string, AuditEvidence>;
    readonly confirmedWallets: ReadonlySet<string>;
  },
): boolean {
  if (entry.kind === 'output' && entry.control === 'signed') return found.outputs.shows(entry);
  if (entry.kind === 'audited') return found.audits.has(entry.auditor);
  if (!isOnChain(entry)) {
    return entry.kind === 'custody' && found.confirmations.has(entry.custodian);
  }
  return entry.control === 'custodian'
    ? found.confirmedWallets.has(joinKey(entry.custodian!, entry.chain, entry.address))
    : found.shown.get(found.subject) === entry.control;
}

/** The subject of the evidence that an entry's claim of control needs; undefined where it claims none. */
function keyOfClaim(entry: ReserveEntry): string | undefined {
  if (entry.kind === 'other') return undefined;
  if (entry.kind === 'audited') return joinKey('audit', entry.auditor);
  if (entry.kind === 'custody') {
    return entry.level === 'attested' ? joinKey('confirmation', entry.custodian) : undefined;
  }
  if (entry.control === 'stated') return undefined;
  return entry.control === 'custodian'
    ? joinKey('confirmation', entry.custodian!)
    : joinKey('wallet', entry.chain, entry.address);
}

function keyOfSubject(evidence: Exclude<Evidence, BitcoinEvidence>): string {
  if (evidence.kind === 'audit') return joinKey('audit', evidence.auditor);
  return evidence.kind === 'confirmation'
    ? joinKey('confirmation', evidence.custodian)
    : joinKey('wallet', evidence.chain, evidence.address);
}

function listConfirmedWallets(confirmations: ReadonlyMap<string, ConfirmationEvidence>): ReadonlySet<string> {
  const wallets = new Set<string>();
  for (const { custodian, wallets: confirmed } of confirmations.values()) {
    for (const { chain, address } of confirmed) wallets.add(joinKey(custodian, chain, address));
  }
  return wallets;
}

async function assertSigned(expected: readonly ExpectedSigner[], recover: RecoverSigners): Promise<void> {
  const found = await recover(expected.map(({ claim }) => claim));
  if (found.length !== expected.length) {
    throw refuseUse('signers-left-out', 'expected an answer for each signature');
  }
  expected.forEach(({ signer, position }, index) => {
    if (found[index] !== signer) {
      throw refuseReserves(
        'control-not-shown',
        `expected a signature of ${signer} over the message for this wallet at ${position}, got another`,
      );
    }
  });
}
