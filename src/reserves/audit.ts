import { createHash } from 'node:crypto';

import { z } from 'zod';

import {
  bytesToHex,
  encodeJsonLine,
  isSignedBy,
  parseJsonLine,
  parseSchema,
  primitives,
} from '../protocol/index.js';
import {
  auditMessage,
  hashBesides,
  keyOfEvidence,
  parseEvidence,
  type AuditEvidence,
  type AuditedEntry,
} from '../protocol/reserves/index.js';
import { malformed, parseCsv } from './csv.js';
import type { ReservesSigner } from './directory.js';
import { refuseLine } from './errors.js';
import type { ReservesWork } from './work.js';

const REQUEST_FORMAT = 'solvent/audit-request/v1';
const MAX_REQUEST_BYTES = 4096;

const requestSchema = z.strictObject({
  format: z.literal(REQUEST_FORMAT),
  challenge: primitives.sha256Hex,
  besides: primitives.sha256Hex,
});

/** What an auditor is asked to sign over, besides what they saw: the challenge, and the hash of the keys of what is published. */
export type AuditRequest = z.infer<typeof requestSchema>;

/** What a work asks its auditors for. */
export function composeAuditRequest({ challenge, entries }: ReservesWork): AuditRequest {
  return { format: REQUEST_FORMAT, challenge, besides: hashBesides(entries) };
}

export function encodeAuditRequest(request: AuditRequest): Uint8Array {
  return encodeJsonLine(request);
}

/** Reads a request to an auditor. @throws SolventError of class `format`. */
export function parseAuditRequest(bytes: Uint8Array): AuditRequest {
  return parseSchema(requestSchema, REQUEST_FORMAT, parseJsonLine(bytes, MAX_REQUEST_BYTES));
}

/**
 * The line that an auditor gives a platform, signed.
 * @param shown what they were shown, whose SHA-256 is in it.
 * @param sums CSV with the columns asset and amount, in proof units.
 * @throws SolventError `columns-missing`, `row-malformed`; of class `format` where the sums are none.
 */
export function signAudit(
  { challenge, besides }: AuditRequest,
  {
    auditor,
    shown,
    sums,
    signer,
  }: {
    readonly auditor: string;
    readonly shown: Uint8Array;
    readonly sums: Uint8Array;
    readonly signer: ReservesSigner;
  },
): Uint8Array {
  const amounts = parseCsv(sums, ['asset', 'amount'])
    .map(({ cells }) => ({ asset: cells.asset!, amount: cells.amount! }))
    .sort((a, b) => (a.asset < b.asset ? -1 : 1));
  const evidenceHash = createHash('sha256').update(shown).digest('hex');
  const said = { auditor, evidenceHash, besides, amounts };
  const signature = bytesToHex(signer.sign(auditMessage(said, challenge)));
  const line = encodeJsonLine({ kind: 'audit', ...said, signature } satisfies AuditEvidence);
  parseEvidence(line.subarray(0, -1));
  return line;
}

/** Takes an audit into a work: its sums become entries. @throws SolventError `signature-of-other`, `row-malformed`. */
export function importAudit(work: ReservesWork, line: AuditEvidence) {
  const pin = work.pins.auditors?.find(({ id }) => id === line.auditor);
  if (pin === undefined || !isSignedBy(pin.signingKey, auditMessage(line, work.challenge), line.signature)) {
    throw refuseLine('signature-of-other', 1, {
      expected: 'an audit signed for this challenge by an auditor of the pins',
    });
  }
  if (line.besides !== hashBesides(work.entries)) {
    throw malformed(1, 'an audit beside the entries of this work: give its auditor the request again');
  }
  const others = work.entries.filter((entry) => entry.kind !== 'audited' || entry.auditor !== line.auditor);
  const audited = line.amounts.map((amount): AuditedEntry => ({
    ...{ kind: 'audited', auditor: line.auditor, ...amount, encumbrance: null },
  }));
  const evidence = work.evidence.filter((known) => keyOfEvidence(known) !== keyOfEvidence(line));
  return { entries: [...others, ...audited], evidence: [...evidence, line], signatureCount: 1 };
}
