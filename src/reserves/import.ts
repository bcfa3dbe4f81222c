import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';

import {
  bytesToHex,
  concatBytes,
  decodeBase64,
  hexToBytes,
  isSignedBy,
  utf8ToBytes,
} from '../protocol/index.js';
import {
  composeMessage,
  confirmationMessage,
  joinKey,
  keyOfEvidence,
  parseEvidence,
  type ConfirmationEvidence,
  type CustodyEntry,
  type Evidence,
  type SafeEvidence,
} from '../protocol/reserves/index.js';
import {
  composeToSpend,
  formatHash,
  hashMessage,
  hashTransaction,
  parseEvmSignature,
  parsePsbt,
  parseTransaction,
  recoverWithNoble,
  type BitcoinTransaction,
} from '../verifier/reserves/making.js';
import { readAccountSignature } from './accounts.js';
import { importAudit } from './audit.js';
import { readOutputSignature } from './bitcoin/import.js';
import { malformed, parseCsv, type CsvRow } from './csv.js';
import { refuseLine, refuseMaking } from './errors.js';
import { findDelegate, findSafe, listAddressRequests, listClaimed, listOutputScripts } from './requests.js';
import { instantOf, type ReservesWork } from './work.js';

/** What an import added. */
export type Imported = {
  readonly entries: ReservesWork['entries'];
  readonly evidence: ReservesWork['evidence'];
  readonly signatureCount: number;
};

const SIGNATURE_COLUMNS = /^signature(?:\d*)$/;
const ORDER = secp256k1.Point.Fn.ORDER;
/** No transaction that a block could hold is longer in hexadecimal. */
const MAX_TRANSACTION_TEXT_BYTES = 8_000_002;

/**
 * Reads a file of whatever is imported, by its first bytes: a custodian's confirmation in JSON, a PSBT (its bytes, base64 or
 * hexadecimal), a raw transaction in hexadecimal, or CSV.
 * @throws SolventError as the reader of its kind.
 */
export function importFile(work: ReservesWork, bytes: Uint8Array): Imported {
  const transaction = readTransactionFile(bytes);
  if (transaction !== undefined) return importTransaction(work, transaction);
  return bytes[0] === 0x7b ? importConfirmation(work, bytes) : importSignatures(work, bytes);
}

/** The bytes of a PSBT or of a transaction that a file holds in one of their spellings. */
function readTransactionFile(bytes: Uint8Array): Uint8Array | undefined {
  if (isPsbt(bytes)) return bytes;
  if (bytes.length > MAX_TRANSACTION_TEXT_BYTES) return undefined;
  const text = new TextDecoder().decode(bytes).trim();
  if (/^(?:[0-9a-fA-F]{2})+$/.test(text)) return hexToBytes(text.toLowerCase());
  return text.startsWith('cHNidP') ? decodeBase64(text, 'optional') : undefined;
}

const isPsbt = (bytes: Uint8Array) => bytesToHex(bytes.subarray(0, 5)) === '70736274ff';

/**
 * Reads a transaction, or a finalized PSBT, that shows who controls outputs: of BIP-322 (its first input is the message's) or of
 * BIP-127 (its first input is the message's hash).
 * @throws SolventError `transaction-not-asked`, `psbt-not-final`, `transaction-malformed`, `control-not-shown`.
 */
export function importTransaction(work: ReservesWork, bytes: Uint8Array): Imported {
  const { transaction } = isPsbt(bytes) ? parsePsbt(bytes) : { transaction: parseTransaction(bytes) };
  if (
    isPsbt(bytes) &&
    transaction.inputs.every(({ script, witness }) => script.length + witness.length === 0)
  )
    throw refuseMaking('psbt-not-final', { expected: 'final signatures in a PSBT', found: 'none' });
  const asked = findAskedMessage(work, transaction);
  if (asked === undefined) {
    throw refuseMaking('transaction-not-asked', {
      expected: 'a transaction whose first input is of a message that was asked for',
      found: 'another',
    });
  }
  const base64 = Buffer.from(bytes).toString('base64');
  const text = asked.isBip127 ? bytesToHex(bytes) : `${isPsbt(bytes) ? 'pof' : 'ful'}${base64}`;
  const line = readOutputSignature(work, asked, { text, position: 'the transaction' });
  const others = work.evidence.filter((known) => keyOfEvidence(known) !== keyOfEvidence(line));
  return { entries: work.entries, evidence: [...others, line], signatureCount: 1 };
}

/** Which message of an address a transaction is of, by its first input. */
function findAskedMessage(
  work: ReservesWork,
  { inputs }: BitcoinTransaction,
): { readonly chain: string; readonly address: string; readonly isBip127: boolean } | undefined {
  const first = inputs[0] === undefined ? '' : formatHash(inputs[0].transaction);
  const scripts = listOutputScripts(work);
  for (const { chain, address, message } of listAddressRequests(work, 'output')) {
    const hash = sha256(concatBytes(utf8ToBytes('Proof-of-Reserves: '), utf8ToBytes(message)));
    const isBip127 = [bytesToHex(hash), formatHash(hash)].includes(first);
    const script = scripts.get(joinKey(chain, address));
    const isBip322 =
      script !== undefined && formatHash(hashTransaction(composeToSpend(message, script))) === first;
    if (isBip127 || isBip322) return { chain, address, isBip127 };
  }
  return undefined;
}

/**
 * Reads signatures from CSV: columns `address` and `signature` (or `signature1`, `signature2` … for the owners of a
 * wallet contract), and `chain` where an address is on more than one. Each signature is checked against the message
 * that its key was asked to sign. Other spellings (v of 0 or 1, s in the upper half, 64 bytes by EIP-2098) are written
 * in the canonical one.
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

/** Reads a custodian's confirmation or an auditor's audit: its wallets are held to it, and its amounts become entries. */
export function importConfirmation(work: ReservesWork, bytes: Uint8Array): Imported {
  const line = parseEvidence(bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes);
  if (line.kind === 'audit') return importAudit(work, line);
  if (line.kind !== 'confirmation') throw malformed(1, 'a confirmation or an audit');
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
  const accounts = listAddressRequests(work, 'account').filter(
    ({ chain, address: asked }) => asked === cells.address && [undefined, '', chain].includes(cells.chain),
  );
  if (accounts.length > 0) {
    return accounts.map((account) => readAccountSignature(work, account, { cells, line, text: cell }));
  }
  const address = cells.address!.toLowerCase();
  const asked = listClaimed(work).filter(
    (entry) => entry.address === address && [undefined, '', entry.chain].includes(cells.chain),
  );
  if (asked.length === 0) {
    throw refuseLine('wallet-not-asked', line, { expected: 'a wallet that was asked to sign' });
  }
  const signature = normalizeSignature(cell, line);
  const head = { platform: work.platform, takenAt: instantOf(work) };
  for (const { chain } of asked) {
    const digest = hashMessage(composeMessage(head, work.challenge, { chain, address }));
    const [signer] = recoverWithNoble([{ digest, ...parseEvmSignature(signature, `line ${line}`) }]) as (
      string | undefined
    )[];
    const safe = findSafe(work, chain, address);
    if (safe?.owners.includes(signer ?? '') === true) {
      const signed = { owner: signer!, signature, delegate: findDelegate(work, chain, signer!) };
      return [{ kind: 'safe', chain, address, signatures: [signed] }];
    }
    if (signer === address) {
      const delegate = findDelegate(work, chain, address);
      return [{ kind: 'signature', chain, address, signature, delegate }];
    }
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
