import { z } from 'zod';

import { bytesToHex, hashLabelled } from '../bytes.js';
import { encodeCanonicalJson, parseJsonLine } from '../canonical-json.js';
import { parseSchema } from '../formats/parse.js';
import * as p from '../formats/primitives.js';
import { PUBLISHED_FILES } from '../formats/published-files.js';
import { accountBlockHash, accountChain, isAccountChain } from './accounts.js';
import { BITCOIN_NETWORKS, bitcoinChain, bitcoinHash } from './bitcoin.js';
import {
  BALANCE_LEVELS,
  CONTROL_LEVELS,
  custodianId,
  evmChain,
  evmWord,
  sortedList,
  MAX_BITCOIN_HEADERS_BYTES,
  MAX_CHAINS,
  MAX_ENTRIES_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_HEADERS_BYTES,
  MAX_NAMED,
  MAX_RESERVES_BYTES,
  MAX_STATE_BYTES,
  MAX_TRANSACTIONS_BYTES,
} from './primitives.js';

export const RESERVES_FORMAT = PUBLISHED_FILES.reserves.format;
/** The files of reserves that are not listed in `reserves.json`. */
export const RESERVES_FILE = PUBLISHED_FILES.reserves.fileName;
export const RESERVES_SIGNATURE_FILE = 'reserves.sig.json';
/** The lists that are. */
export const ENTRIES_FILE = PUBLISHED_FILES.reserveEntries.fileName;
export const EVIDENCE_FILE = PUBLISHED_FILES.reserveEvidence.fileName;

/** Why an amount is not free. */
export const ENCUMBRANCE_KINDS = ['pledged', 'lent', 'borrowed', 'staked', 'locked', 'other'] as const;

/** The most assets that a manifest lists. */
const MAX_ASSETS = 1024;
const CELLS = BALANCE_LEVELS.length * CONTROL_LEVELS.length;

const cell = z.strictObject({
  balance: z.enum(BALANCE_LEVELS),
  control: z.enum(CONTROL_LEVELS),
  amount: p.grandTotal,
});

/** The schema of `reserves.json`. */
export const reservesSchema = z
  .strictObject({
    format: z.literal(RESERVES_FORMAT),
    /** `persistence` is the same wallets at a second instant that nobody knew before. */
    purpose: z.enum(['snapshot', 'persistence']),
    /** The round of a public beacon that drew the second instant; there where the purpose is persistence. */
    beacon: z
      .strictObject({
        round: z.int().min(1),
        signature: z.string().regex(/^[0-9a-f]{96}$/, 'expected 96 digits in lower case'),
      })
      .optional(),
    platform: p.name,
    takenAt: p.instant,
    manifestHash: p.sha256Hex,
    snapshotHash: p.sha256Hex,
    previousReservesHash: p.sha256Hex.nullable(),
    blocks: sortedList(
      z.union([
        z.strictObject({ chain: evmChain, number: p.count, hash: evmWord }),
        z.strictObject({ chain: bitcoinChain, number: p.count, hash: bitcoinHash }),
        z.strictObject({ chain: accountChain, number: p.count, hash: accountBlockHash }),
      ]),
      MAX_CHAINS,
      ({ chain }) => chain,
    ),
    custodians: sortedList(
      z.strictObject({ id: custodianId, name: p.prose.min(1) }),
      MAX_NAMED,
      ({ id }) => id,
    ),
    encumbrances: z
      .array(
        z.strictObject({
          kind: z.enum(ENCUMBRANCE_KINDS),
          note: p.prose.min(1),
          until: p.instant.nullable(),
        }),
      )
      .max(MAX_NAMED),
    files: sortedList(
      z.strictObject({ name: z.string().max(64), sizeBytes: p.count, sha256: p.sha256Hex }),
      2 * MAX_CHAINS + 2,
      ({ name }) => name,
    ),
    totals: sortedList(
      z.strictObject({
        asset: p.assetSymbol,
        /** What is free, by its levels. */
        cells: z
          .array(cell)
          .max(CELLS)
          .refine(areCellsOrdered, 'expected each pair of levels once, in order'),
        /** What is not, at any levels. */
        encumbered: p.grandTotal,
      }),
      MAX_ASSETS,
      ({ asset }) => asset,
    ),
  })
  .refine(
    ({ purpose, beacon }) => (purpose === 'persistence') === (beacon !== undefined),
    'expected a beacon for a second instant, and nowhere else',
  )
  .refine(
    hasExactlyItsFiles,
    'expected exactly the files of its chains, each no larger than its kind may be',
  );

/** The signed account of what a platform holds. Amounts of `totals` are in proof units. */
export type Reserves = z.infer<typeof reservesSchema>;
/** One sum: an asset's amounts of one pair of levels. */
export type ReserveTotals = Reserves['totals'];

/** Reads `reserves.json`. @throws SolventError of class `format`. */
export function parseReserves(bytes: Uint8Array): Reserves {
  return parseSchema(reservesSchema, RESERVES_FORMAT, parseJsonLine(bytes, MAX_RESERVES_BYTES));
}

/** SHA-256("solvent/reserves/v1" ‖ 0 ‖ canonical JSON): the 32 bytes that are signed. */
export function hashReserves(reserves: Reserves): Uint8Array {
  return hashLabelled(RESERVES_FORMAT, encodeCanonicalJson(reserves));
}

/** The reserves hash as people compare it: 64 hexadecimal digits. */
export function formatReservesHash(reserves: Reserves): string {
  return bytesToHex(hashReserves(reserves));
}

/** The name of a chain's file of headers. */
export function nameHeadersFile(chain: string): string {
  return `headers.${chain.replace(':', '-')}.bin`;
}

/** The name of a chain's node set. */
export function nameStateFile(chain: string): string {
  return `state.${chain.replace(':', '-')}.bin`;
}

/** The name of a Bitcoin network's file of transactions. */
export function nameTransactionsFile(chain: string): string {
  return `transactions.${chain.replace(':', '-')}.bin`;
}

/** Whether a chain is a Bitcoin network. */
export function isBitcoinChain(chain: string): boolean {
  return Object.hasOwn(BITCOIN_NETWORKS, chain);
}

/** The files that reserves over these chains have beside `reserves.json` and its signature, each with its largest size. */
export function listReservesFiles(chains: readonly string[]): ReadonlyMap<string, number> {
  return new Map([
    [ENTRIES_FILE, MAX_ENTRIES_BYTES],
    [EVIDENCE_FILE, MAX_EVIDENCE_BYTES],
    ...chains
      .filter((chain) => !isAccountChain(chain))
      .flatMap((chain): [string, number][] =>
        isBitcoinChain(chain)
          ? [
              [nameHeadersFile(chain), MAX_BITCOIN_HEADERS_BYTES],
              [nameTransactionsFile(chain), MAX_TRANSACTIONS_BYTES],
            ]
          : [
              [nameHeadersFile(chain), MAX_HEADERS_BYTES],
              [nameStateFile(chain), MAX_STATE_BYTES],
            ],
      ),
  ]);
}

function hasExactlyItsFiles({
  blocks,
  files,
}: {
  readonly blocks: readonly { readonly chain: string }[];
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
}): boolean {
  const expected = listReservesFiles(blocks.map(({ chain }) => chain));
  return (
    files.length === expected.size &&
    files.every(({ name, sizeBytes }) => sizeBytes <= (expected.get(name) ?? -1))
  );
}

function areCellsOrdered(cells: readonly z.infer<typeof cell>[]): boolean {
  const orders = cells.map(
    ({ balance, control }) =>
      BALANCE_LEVELS.indexOf(balance) * CONTROL_LEVELS.length + CONTROL_LEVELS.indexOf(control),
  );
  return orders.every((order, index) => index === 0 || orders[index - 1]! < order);
}
