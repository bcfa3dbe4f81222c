import { z } from 'zod';

import { bytesToHex, hashLabelled } from '../bytes.js';
import { encodeCanonicalJson, parseCanonicalJson } from '../canonical-json.js';
import { parseSchema } from '../formats/parse.js';
import * as p from '../formats/primitives.js';
import { PUBLISHED_FILES } from '../formats/published-files.js';
import { accountEntry, type AccountEntry } from './accounts.js';
import { outputEntry, type OutputEntry } from './bitcoin.js';
import {
  type Levels,
  accountText,
  anyChain,
  custodianId,
  evmAddress,
  evmChain,
  joinKey,
  tokenAmount,
  unitAmount,
  MAX_ENTRY_BYTES,
  encumbranceIndex,
} from './primitives.js';

const BESIDES_LABEL = 'solvent/reserves-besides/v1';

/** An amount of a coin or token in a wallet of an EVM chain. `amount` is in the token's own units. */
export const walletEntry = z.strictObject({
  kind: z.literal('wallet'),
  chain: evmChain,
  address: evmAddress,
  contract: evmAddress.nullable(),
  asset: p.assetSymbol,
  amount: tokenAmount,
  balance: z.enum(['proven', 'reproducible']),
  control: z.enum(['signed', 'owners', 'custodian', 'stated']),
  custodian: custodianId.nullable(),
  encumbrance: encumbranceIndex,
});

/** An amount that a custodian keeps in its own books, in proof units. */
export const custodyEntry = z.strictObject({
  kind: z.literal('custody'),
  custodian: custodianId,
  account: accountText,
  asset: p.assetSymbol,
  amount: unitAmount,
  level: z.enum(['attested', 'stated']),
  encumbrance: encumbranceIndex,
});

/** A sum of what an auditor has seen and readers have not, in proof units. */
export const auditedEntry = z.strictObject({
  kind: z.literal('audited'),
  auditor: custodianId,
  asset: p.assetSymbol,
  amount: unitAmount,
  encumbrance: encumbranceIndex,
});

/** An amount that this version checks nothing of, in proof units. */
export const otherEntry = z.strictObject({
  kind: z.literal('other'),
  chain: anyChain,
  account: accountText,
  asset: p.assetSymbol,
  amount: unitAmount,
  encumbrance: encumbranceIndex,
});

/** The schema of a line of `entries.ndjson`. */
export const entrySchema = z
  .discriminatedUnion('kind', [
    accountEntry,
    walletEntry,
    outputEntry,
    custodyEntry,
    auditedEntry,
    otherEntry,
  ])
  .refine(
    (entry) =>
      !isOnChain(entry) ||
      (entry.custodian !== null) ===
        (entry.control === 'custodian' || (entry.kind === 'account' && entry.balance === 'attested')),
    'expected a custodian where one controls or confirms, and nowhere else',
  )
  .refine(
    (entry) => entry.kind !== 'output' || entry.control !== 'spent' || entry.balance === 'proven',
    'expected an output that was spent to be proven',
  );

export type WalletEntry = z.infer<typeof walletEntry>;
export type CustodyEntry = z.infer<typeof custodyEntry>;
export type AuditedEntry = z.infer<typeof auditedEntry>;
export type OtherEntry = z.infer<typeof otherEntry>;
/** One amount of one asset in one place. */
export type ReserveEntry =
  AccountEntry | WalletEntry | OutputEntry | CustodyEntry | AuditedEntry | OtherEntry;
/** An entry that stands on a chain which the reserves name a block of. */
export type ChainEntry = AccountEntry | WalletEntry | OutputEntry;

/** Whether an entry stands on a chain which the reserves name a block of. */
export function isOnChain(entry: ReserveEntry): entry is ChainEntry {
  return entry.kind === 'account' || entry.kind === 'wallet' || entry.kind === 'output';
}

/** Reads a line of `entries.ndjson`, without its line feed. @throws SolventError of class `format`. */
export function parseEntry(bytes: Uint8Array): ReserveEntry {
  return parseSchema(
    entrySchema,
    PUBLISHED_FILES.reserveEntries.format,
    parseCanonicalJson(bytes, MAX_ENTRY_BYTES),
  );
}

/** What entries are sorted by and may be there once: the kind, the place and what is in it. */
export function keyOfEntry(entry: ReserveEntry): string {
  if (entry.kind === 'wallet' || entry.kind === 'account') {
    return joinKey(entry.kind, entry.chain, entry.address, entry.contract ?? '');
  }
  if (entry.kind === 'output') {
    return joinKey(entry.kind, entry.chain, entry.transaction, String(entry.index));
  }
  if (entry.kind === 'audited') return joinKey(entry.kind, entry.auditor, entry.asset);
  const index = entry.kind === 'custody' ? entry.custodian : entry.chain;
  return joinKey(entry.kind, index, entry.account, entry.asset);
}

/** SHA-256 of the label, 0 and the keys of all entries that are not audited: what an auditor compares what they see with. */
export function hashBesides(entries: readonly ReserveEntry[]): string {
  const keys = entries
    .filter(({ kind }) => kind !== 'audited')
    .map(keyOfEntry)
    .sort();
  return bytesToHex(hashLabelled(BESIDES_LABEL, encodeCanonicalJson(keys)));
}

/** The two levels that an entry claims. */
export function levelsOf(entry: ReserveEntry): Levels {
  if (isOnChain(entry)) {
    return { balance: entry.balance, control: entry.control };
  }
  if (entry.kind === 'custody' && entry.level === 'attested') {
    return { balance: 'attested', control: 'custodian' };
  }
  if (entry.kind === 'audited') return { balance: 'attested', control: 'auditor' };
  return { balance: 'stated', control: 'stated' };
}
