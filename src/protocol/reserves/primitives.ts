import { z } from 'zod';

import * as p from '../formats/primitives.js';

/** Bytes of `reserves.json`, whose lists are short: entries are in a file of their own. */
export const MAX_RESERVES_BYTES = 1024 * 1024;
/** Bytes of a pins file: some 4,000 reviewed tokens. */
export const MAX_PINS_BYTES = 4 * 1024 * 1024;
/** Bytes of a signature file. */
export const MAX_SIGNATURE_BYTES = 4096;
/** Bytes of `entries.ndjson`: some two million entries. */
export const MAX_ENTRIES_BYTES = 768 * 1024 * 1024;
/** Bytes of one line of it. */
export const MAX_ENTRY_BYTES = 4096;
/** Bytes of `evidence.ndjson`. */
export const MAX_EVIDENCE_BYTES = 768 * 1024 * 1024;
/** Bytes of one line of it: a custodian confirms thousands of accounts in one. */
export const MAX_EVIDENCE_LINE_BYTES = 4 * 1024 * 1024;
/** Bytes of one block header: some chains keep their validators in it. */
export const MAX_HEADER_BYTES = 64 * 1024;
/** Bytes of a file of headers: its label, and two of them with their lengths. */
export const MAX_HEADERS_BYTES = 2 * (MAX_HEADER_BYTES + 4) + 64;
/** Bytes of the largest trie node: a branch with 16 hashes and an empty value. */
export const MAX_NODE_BYTES = 532;
/** Nodes of one chain: more than a million wallets need. */
export const MAX_NODES = 1 << 22;
/** Bytes of a node set: what Node holds in one array, with room. */
export const MAX_STATE_BYTES = 1024 * 1024 * 1024;
/** Chains of one file of reserves, and of pins. */
export const MAX_CHAINS = 64;
/** Custodians, encumbrances, reviewed wallet contracts and delegates. */
export const MAX_NAMED = 1024;
/** Pinned tokens. */
export const MAX_TOKENS = 4096;
/** Owners of a wallet contract. */
export const MAX_OWNERS = 64;
/** Wallets and amounts that one confirmation lists. */
export const MAX_CONFIRMED = 20_000;
/** Decimals of a token: a byte in every contract, and below what anyone uses. */
export const MAX_TOKEN_DECIMALS = 77;
/** Headers of one Bitcoin network: more than it will have for decades. */
export const MAX_BITCOIN_HEADERS = 1 << 22;
/** Bytes of a file of them. */
export const MAX_BITCOIN_HEADERS_BYTES = 80 * MAX_BITCOIN_HEADERS + 64;
/** Bytes of a Bitcoin transaction: those of a block. */
export const MAX_TRANSACTION_BYTES = 4_000_000;
/** Transactions of one network. */
export const MAX_TRANSACTIONS = 1 << 21;
/** Bytes of a file of them: what Node holds in one array, with room. */
export const MAX_TRANSACTIONS_BYTES = 1024 * 1024 * 1024;
/** Hashes of a Merkle branch: a block of 4 MB has fewer than 2^17 transactions. */
export const MAX_BRANCH_HASHES = 17;
/** Characters of evidence of a Bitcoin key: a proof of funds over thousands of outputs. */
export const MAX_SIGNATURE_CHARACTERS = 2 * 1024 * 1024;

/** How it is shown that an amount was there, the strongest first. */
export const BALANCE_LEVELS = ['proven', 'reproducible', 'attested', 'stated'] as const;
export type BalanceLevel = (typeof BALANCE_LEVELS)[number];

/** How it is shown who controls an amount, the strongest first. */
export const CONTROL_LEVELS = ['spent', 'owners', 'signed', 'auditor', 'custodian', 'stated'] as const;
export type ControlLevel = (typeof CONTROL_LEVELS)[number];

/** The two levels of an entry, which are never mixed. */
export type Levels = { readonly balance: BalanceLevel; readonly control: ControlLevel };

/** The least control that counts where a caller asks for a balance level. */
const CONTROL_FLOOR: Readonly<Record<BalanceLevel, ControlLevel>> = {
  proven: 'signed',
  reproducible: 'signed',
  attested: 'custodian',
  stated: 'stated',
};

/** Whether an entry of these levels counts at a level. */
export function countsAt(level: BalanceLevel, { balance, control }: Levels): boolean {
  return (
    BALANCE_LEVELS.indexOf(balance) <= BALANCE_LEVELS.indexOf(level) &&
    CONTROL_LEVELS.indexOf(control) <= CONTROL_LEVELS.indexOf(CONTROL_FLOOR[level])
  );
}

const PLAIN_DECIMAL = /^[1-9][0-9]{0,77}$/;

/** An EVM chain by CAIP-2: `eip155:1`. */
export const evmChain = z.string().regex(/^eip155:[1-9][0-9]{0,19}$/, 'expected a chain like eip155:1');
/** Any chain by CAIP-2. */
export const anyChain = z
  .string()
  .regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/, 'expected a chain by CAIP-2');
/** An EVM address in its one spelling here: lower case. */
export const evmAddress = z.string().regex(/^0x[0-9a-f]{40}$/, 'expected 0x and 40 digits in lower case');
/** 32 bytes of a chain: a block hash, a code hash, a storage slot. */
export const evmWord = z.string().regex(/^0x[0-9a-f]{64}$/, 'expected 0x and 64 digits in lower case');
/** A signature of an EVM key: r, s and v, before its canonical form is checked. */
export const evmSignature = z.string().regex(/^0x[0-9a-f]{130}$/, 'expected 0x and 130 digits in lower case');
/** An amount in a token's own units, above 0 and below 2^256. */
export const tokenAmount = z
  .string()
  .refine(
    (text) => PLAIN_DECIMAL.test(text) && BigInt(text) < 1n << 256n,
    'expected an integer above 0 and below 2^256 in plain decimal',
  );
/** An amount in proof units, above 0. */
export const unitAmount = p.grandTotal.refine((text) => text !== '0', 'expected an amount above 0');
export const tokenDecimals = z.int().min(0).max(MAX_TOKEN_DECIMALS);
/** The short name by which entries and pins name a custodian or an auditor. */
export const custodianId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected 1 to 64 small letters, digits or hyphens');
/** An account at a custodian, or of a chain that nothing is checked of. */
export const accountText = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/, 'expected 1 to 256 printable ASCII characters');

/** A list whose keys are strictly ascending: sorted, and each once. */
export function sortedList<T>(item: z.ZodType<T>, max: number, keyOf: (value: T) => string) {
  return z
    .array(item)
    .max(max)
    .refine((list) => isAscending(list.map(keyOf)), 'expected a sorted list with each entry once');
}

/** Whether texts are strictly ascending in the order of their code units. */
function isAscending(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || keys[index - 1]! < key);
}

/** A key of several texts whose order is that of the first in which two differ. None may hold a control character. */
export function joinKey(...parts: readonly string[]): string {
  return parts.join('\n');
}

/** Which of the stated encumbrances an amount is under; null for a free one. */
export const encumbranceIndex = z
  .int()
  .min(0)
  .max(MAX_NAMED - 1)
  .nullable();
