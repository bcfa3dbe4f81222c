import { z } from 'zod';

import { concatBytes, hashLabelled, utf8ToBytes } from '../bytes.js';
import { encodeCanonicalJson, parseCanonicalJson } from '../canonical-json.js';
import { parseSchema } from '../formats/parse.js';
import * as p from '../formats/primitives.js';
import { PUBLISHED_FILES } from '../formats/published-files.js';
import { accountEvidence, isFormOfChain, type AccountEvidence } from './accounts.js';
import { bitcoinEvidence, type BitcoinEvidence } from './bitcoin.js';
import {
  MAX_CONFIRMED,
  MAX_EVIDENCE_LINE_BYTES,
  MAX_OWNERS,
  accountText,
  anyChain,
  custodianId,
  evmAddress,
  evmChain,
  evmSignature,
  joinKey,
  sortedList,
  unitAmount,
} from './primitives.js';

const CONFIRMATION_LABEL = 'solvent/reserves-confirmation/v1';
const AUDIT_LABEL = 'solvent/reserves-audit/v1';
/** Assets of one audit. */
const MAX_AUDITED = 1024;

/** A signature by the key of an address. */
const signatureEvidence = z.strictObject({
  kind: z.literal('signature'),
  chain: evmChain,
  address: evmAddress,
  signature: evmSignature,
  /** The contract whose code an EIP-7702 account runs. */
  delegate: evmAddress.nullable(),
});

/** Signatures by owners of a Safe. */
const safeEvidence = z.strictObject({
  kind: z.literal('safe'),
  chain: evmChain,
  address: evmAddress,
  signatures: sortedList(
    z.strictObject({ owner: evmAddress, signature: evmSignature, delegate: evmAddress.nullable() }),
    MAX_OWNERS,
    ({ owner }) => owner,
  ),
});

const confirmed = {
  custodian: custodianId,
  /** Wallets of which the custodian has the keys, for the platform. */
  wallets: sortedList(
    z
      .strictObject({ chain: anyChain, address: accountText })
      .refine(isWalletSpelling, 'expected 0x and 40 digits in lower case for an EVM chain'),
    MAX_CONFIRMED,
    (wallet) => joinKey(wallet.chain, wallet.address),
  ),
  /** Accounts in the custodian's own books, in proof units. */
  amounts: sortedList(
    z.strictObject({ account: accountText, asset: p.assetSymbol, amount: unitAmount }),
    MAX_CONFIRMED,
    ({ account, asset }) => joinKey(account, asset),
  ),
};

/** What a custodian confirms. */
const confirmationEvidence = z.strictObject({
  kind: z.literal('confirmation'),
  ...confirmed,
  signature: p.ed25519Signature,
});

/** What an auditor says of what they were shown. */
const auditEvidence = z.strictObject({
  kind: z.literal('audit'),
  auditor: custodianId,
  /** SHA-256 of what they were shown. */
  evidenceHash: p.sha256Hex,
  /** `hashBesides` of the entries that are published beside it. */
  besides: p.sha256Hex,
  /** In proof units. */
  amounts: sortedList(
    z.strictObject({ asset: p.assetSymbol, amount: unitAmount }),
    MAX_AUDITED,
    ({ asset }) => asset,
  ),
  signature: p.ed25519Signature,
});

/** The schema of a line of `evidence.ndjson`. */
export const evidenceSchema = z.discriminatedUnion('kind', [
  signatureEvidence,
  safeEvidence,
  bitcoinEvidence,
  accountEvidence.refine(isFormOfChain, 'expected a form of the chain, and a public key where it has one'),
  confirmationEvidence,
  auditEvidence,
]);

export type SignatureEvidence = z.infer<typeof signatureEvidence>;
export type SafeEvidence = z.infer<typeof safeEvidence>;
export type ConfirmationEvidence = z.infer<typeof confirmationEvidence>;
export type AuditEvidence = z.infer<typeof auditEvidence>;
/** What shows who controls one wallet, what one custodian confirms, or what one auditor has seen. */
export type Evidence =
  SignatureEvidence | SafeEvidence | BitcoinEvidence | AccountEvidence | ConfirmationEvidence | AuditEvidence;

/** Reads a line of `evidence.ndjson`, without its line feed. @throws SolventError of class `format`. */
export function parseEvidence(bytes: Uint8Array): Evidence {
  return parseSchema(
    evidenceSchema,
    PUBLISHED_FILES.reserveEvidence.format,
    parseCanonicalJson(bytes, MAX_EVIDENCE_LINE_BYTES),
  );
}

/** What evidence is sorted by and may be there once. */
export function keyOfEvidence(evidence: Evidence): string {
  if (evidence.kind === 'confirmation') return joinKey(evidence.kind, evidence.custodian);
  if (evidence.kind === 'audit') return joinKey(evidence.kind, evidence.auditor);
  return evidence.kind === 'bitcoin'
    ? joinKey(evidence.kind, evidence.chain, evidence.address, evidence.form)
    : joinKey(evidence.kind, evidence.chain, evidence.address);
}

/** What a custodian signs: the label, 0 and the hash of what it confirms for this challenge. */
export function confirmationMessage(
  { custodian, wallets, amounts }: Omit<ConfirmationEvidence, 'kind' | 'signature'>,
  challenge: string,
): Uint8Array {
  const hash = hashLabelled(
    CONFIRMATION_LABEL,
    encodeCanonicalJson({ challenge, custodian, wallets, amounts }),
  );
  return concatBytes(utf8ToBytes(CONFIRMATION_LABEL), Uint8Array.of(0), hash);
}

/** What an auditor signs: the label, 0 and the hash of what they say for this challenge. */
export function auditMessage(
  { auditor, evidenceHash, besides, amounts }: Omit<AuditEvidence, 'kind' | 'signature'>,
  challenge: string,
): Uint8Array {
  const hash = hashLabelled(
    AUDIT_LABEL,
    encodeCanonicalJson({ challenge, auditor, evidenceHash, besides, amounts }),
  );
  return concatBytes(utf8ToBytes(AUDIT_LABEL), Uint8Array.of(0), hash);
}

function isWalletSpelling({ chain, address }: { readonly chain: string; readonly address: string }): boolean {
  return !chain.startsWith('eip155:') || evmAddress.safeParse(address).success;
}
