import { ed25519 } from '@noble/curves/ed25519.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex, utf8ToBytes } from '../../../src/protocol/index.js';
import {
  auditMessage,
  hashBesides,
  keyOfEntry,
  keyOfEvidence,
  type AuditEvidence,
  type AuditedEntry,
} from '../../../src/protocol/reserves/index.js';
import { surveyReserves } from '../../../src/verifier/reserves/making.js';
import type { Attack, Honest, Told } from './attacks.js';
import { publishLie, type Built } from './world.js';

const secret = keccak_256(utf8ToBytes('solvent test signer auditor'));
/** PUBLIC TEST KEY of an auditor. */
export const auditorKey = {
  publicKey: bytesToHex(ed25519.getPublicKey(secret)),
  sign: (message: Uint8Array) => ed25519.sign(message, secret),
};
/** What the auditor was shown. */
const EVIDENCE_HASH = 'e0'.repeat(32);
const AUDITED: readonly AuditedEntry[] = [
  { kind: 'audited', auditor: 'ann', asset: 'SOL', amount: '2', encumbrance: null },
  { kind: 'audited', auditor: 'ann', asset: 'USDT', amount: '77', encumbrance: null },
];

type Change = {
  /** What the auditor says otherwise than of the honest account. */
  readonly said?: Partial<AuditEvidence>;
  readonly challenge?: string;
  /** What is changed once the auditor has signed. */
  readonly after?: (draft: Draft) => void;
  readonly isPinned?: false;
};
type Draft = { -readonly [K in keyof Built['draft']]: Built['draft'][K] };

/** The honest account with an audit beside it, changed. */
export async function makeAudited(honest: Honest, change: Change = {}): Promise<Told> {
  const { built, signer } = honest;
  const said = {
    auditor: 'ann',
    evidenceHash: EVIDENCE_HASH,
    besides: hashBesides(built.draft.entries),
    amounts: AUDITED.map(({ asset, amount }) => ({ asset, amount })),
    ...change.said,
  };
  const signature = bytesToHex(auditorKey.sign(auditMessage(said, change.challenge ?? built.challenge)));
  const draft: Draft = {
    ...built.draft,
    entries: [...built.draft.entries, ...AUDITED],
    evidence: [...built.draft.evidence, { kind: 'audit', ...said, signature }],
  };
  change.after?.(draft);
  draft.entries = [...draft.entries].sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1));
  draft.evidence = [...draft.evidence].sort((a, b) => (keyOfEvidence(a) < keyOfEvidence(b) ? -1 : 1));
  const pins = {
    ...built.pins,
    ...(change.isPinned === false
      ? {}
      : { auditors: [{ id: 'ann', name: 'Ann and Partners', signingKey: auditorKey.publicKey }] }),
  };
  const reader = { ...built, pins };
  const { liabilities } = built.world;
  // A lie is signed over the sums of the honest account.
  const survey =
    Object.keys(change).length === 0 ? await surveyReserves(draft, { pins, liabilities }) : honest.survey;
  return { files: publishLie(draft, survey, signer), reader };
}

const lie = (name: string, code: Attack['code'], change: Change): Attack => ({
  name: `an audit ${name}`,
  code,
  make: (honest) => makeAudited(honest, change),
});

/** Lies about what an auditor has seen. */
export const AUDIT_ATTACKS: readonly Attack[] = [
  lie('of an auditor that the reader did not pin', 'auditor-not-pinned', { isPinned: false }),
  lie('of another snapshot', 'audit-invalid', { challenge: 'ab'.repeat(32) }),
  lie('whose sums were changed', 'audit-invalid', {
    after: (draft) => {
      draft.evidence = draft.evidence.map((line) =>
        line.kind === 'audit' ? { ...line, amounts: [{ asset: 'USDT', amount: '78' }] } : line,
      );
    },
  }),
  lie('over other evidence', 'audit-invalid', {
    after: (draft) => {
      draft.evidence = draft.evidence.map((line) =>
        line.kind === 'audit' ? { ...line, evidenceHash: 'e1'.repeat(32) } : line,
      );
    },
  }),
  lie('beside other entries: a wallet that it saw is listed too', 'audit-of-other-entries', {
    after: (draft) => {
      draft.entries = draft.entries.filter(({ kind }) => kind !== 'other');
    },
  }),
  lie('beside entries that its auditor did not compare', 'audit-of-other-entries', {
    said: { besides: '00'.repeat(32) },
  }),
  lie('of less than is claimed', 'amount-not-confirmed', {
    after: (draft) => {
      draft.entries = draft.entries.map((entry) =>
        entry.kind === 'audited' ? { ...entry, amount: `${entry.amount}0` } : entry,
      );
    },
  }),
  lie('that names no such asset', 'amount-not-confirmed', {
    said: { amounts: [{ asset: 'USDT', amount: '77' }] },
  }),
  lie('of which nothing is claimed', 'evidence-not-used', {
    after: (draft) => {
      draft.entries = draft.entries.filter(({ kind }) => kind !== 'audited');
    },
  }),
  lie('that is not there', 'control-not-shown', {
    after: (draft) => {
      draft.evidence = draft.evidence.filter(({ kind }) => kind !== 'audit');
    },
  }),
  lie('of an asset that nobody is owed', 'asset-not-owed', {
    after: (draft) => {
      draft.entries = draft.entries.map((entry) =>
        entry.kind === 'audited' && entry.asset === 'SOL' ? { ...entry, asset: 'DOGE' } : entry,
      );
    },
  }),
];
