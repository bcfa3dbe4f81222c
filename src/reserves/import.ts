import { secp256k1 } from '@noble/curves/secp256k1.js';

import { isSignedBy } from '../protocol/index.js';
import {
  composeMessage,
  confirmationMessage,
  keyOfEvidence,
  parseEvidence,
  type ConfirmationEvidence,
  type CustodyEntry,
  type Evidence,
  type SafeEvidence,
} from '../protocol/reserves/index.js';
import { hashMessage, parseEvmSignature, recoverWithNoble } from '../verifier/reserves/making.js';
import { readOutputSignature } from './bitcoin/import.js';
import { malformed, parseCsv, type CsvRow } from './csv.js';
import { refuseLine } from './errors.js';
import { findSafe, listClaimed } from './requests.js';
import type { ReservesWork } from './work.js';

/** What an import added. */
export type Imported = {
  readonly entries: ReservesWork['entries'];
  readonly evidence: ReservesWork['evidence'];
  readonly signatureCount: number;
};

const SIGNATURE_COLUMNS = /^signature(?:\d*)$/;
const ORDER = secp256k1.Point.Fn.ORDER;

/**
 * Reads signatures from CSV: columns `address` and `signature` (or `signature1`, `signature2` … for the owners of a wallet contract),
 * and `chain` where an address is on more than one. Each is checked against the message that its key was asked to sign; other
 * spellings of a signature (v of 0 or 1, s in the upper half, 64 bytes by EIP-2098) are written in the canonical one.
 * @throws SolventError `columns-missing`, `row-malformed`, `wallet-not-asked`, `signature-of-other`, with the line.
 */
export function importSignatures(work: ReservesWork, bytes: Uint8Array): Imported {
  const evidence = new Map(work.evidence.map((line) => [keyOfEvidence(line), line]));
  let signatureCount = 0;
  const rows = parseCsv(bytes, ['address']);
  for (const row of rows) {
    for (const [column, cell] of Object.entries(row.cells)) {
      if (!SIGNATURE_COLUMNS.test(column) || cell === '') continue;
      for (const line of checkSignature(work, row, cell)) {
        const known = evidence.get(keyOfEvidence(line));
        evidence.set(
          keyOfEvidence(line),
          known?.kind === 'safe' && line.kind === 'safe' ? join(known, line) : line,
        );
      }
      signatureCount += 1;
    }
  }
  if (signatureCount === 0) throw malformed(1, 'a signature in some row');
  return { entries: work.entries, evidence: [...evidence.values()], signatureCount };
}

/** Reads a custodian's confirmation: its wallets are held to it, and its amounts become entries. */
export function importConfirmation(work: ReservesWork, bytes: Uint8Array): Imported {
  const line = parseEvidence(bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes);
  if (line.kind !== 'confirmation') throw malformed(1, 'a confirmation');
  const pin = work.pins.custodians.find(({ id }) => id === line.custodian);
  if (
    pin === undefined ||
    !isSignedBy(pin.signingKey, confirmationMessage(line, work.challenge), line.signature)
  ) {
    throw refuseLine('signature-of-other', 1, {
      expected: 'a confirmation signed for this challenge by a custodian of the pins',
    });
  }
  const entries = work.entries.filter(
    (entry) => entry.kind !== 'custody' || entry.custodian !== line.custodian,
  );
  const others = work.evidence.filter((known) => keyOfEvidence(known) !== keyOfEvidence(line));
  return { entries: [...entries, ...toEntries(line)], evidence: [...others, line], signatureCount: 1 };
}

function toEntries({ custodian, amounts }: ConfirmationEvidence): CustodyEntry[] {
  return amounts.map((amount) => ({
    kind: 'custody',
    custodian,
    ...amount,
    level: 'attested',
    encumbrance: null,
  }));
}

/** The evidence of one signature: of the wallet of its row on the chains where its message was signed. */
function checkSignature(work: ReservesWork, { cells, line }: CsvRow, cell: string): Evidence[] {
  const output = work.entries.find((entry) => entry.kind === 'output' && entry.address === cells.address);
  if (output?.kind === 'output')
    return [readOutputSignature(work, output, { text: cell, position: `line ${line}` })];
  const address = cells.address!.toLowerCase();
  const asked = listClaimed(work).filter(
    (entry) => entry.address === address && [undefined, '', entry.chain].includes(cells.chain),
  );
  if (asked.length === 0) {
    throw refuseLine('wallet-not-asked', line, { expected: 'a wallet that was asked to sign' });
  }
  const signature = normalizeSignature(cell, line);
  for (const { chain } of asked) {
    const digest = hashMessage(composeMessage(work, work.challenge, { chain, address }));
    const [signer] = recoverWithNoble([{ digest, ...parseEvmSignature(signature, `line ${line}`) }]) as (
      string | undefined
    )[];
    const safe = findSafe(work, chain, address);
    if (safe?.owners.includes(signer ?? '') === true) {
      return [{ kind: 'safe', chain, address, signatures: [{ owner: signer!, signature, delegate: null }] }];
    }
    if (signer === address) return [{ kind: 'signature', chain, address, signature, delegate: null }];
  }
  throw refuseLine('signature-of-other', line, {
    expected: 'a signature of its key over the message of this wallet',
  });
}

function join(known: SafeEvidence, more: SafeEvidence): SafeEvidence {
  const signatures = new Map([...known.signatures, ...more.signatures].map((entry) => [entry.owner, entry]));
  return {
    ...known,
    signatures: [...signatures.values()].sort((a, b) => (a.owner < b.owner ? -1 : 1)),
  };
}

/** Other spellings of one signature in the canonical one. */
function normalizeSignature(cell: string, line: number): string {
  const digits = /^(?:0x)?([0-9a-f]{128}(?:[0-9a-f]{2})?)$/.exec(cell.toLowerCase())?.[1];
  if (digits === undefined) throw malformed(line, 'a signature of 64 or 65 bytes in hexadecimal');
  const r = digits.slice(0, 64);
  let s = BigInt(`0x${digits.slice(64, 128)}`);
  let parity: bigint;
  if (digits.length === 128) {
    // EIP-2098: the parity is the top bit of s.
    parity = s >> 255n;
    s &= (1n << 255n) - 1n;
  } else {
    const v = BigInt(`0x${digits.slice(128)}`);
    parity = v >= 27n ? v - 27n : v;
  }
  if (parity !== 0n && parity !== 1n) throw malformed(line, 'a signature whose v is 0, 1, 27 or 28');
  if (s > ORDER / 2n && s < ORDER) {
    s = ORDER - s;
    parity = 1n - parity;
  }
  return `0x${r}${s.toString(16).padStart(64, '0')}${(27n + parity).toString(16)}`;
}
