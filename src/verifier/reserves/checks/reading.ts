import { sha256 } from '@noble/hashes/sha2.js';

import { bytesToHex, parseSignature, within, type ManifestSignature } from '../../../protocol/index.js';
import {
  isAccountChain,
  isBitcoinChain,
  nameTransactionsFile,
  parseBitcoinHeaders,
  TransactionFile,
  ENTRIES_FILE,
  EVIDENCE_FILE,
  keyOfEntry,
  keyOfEvidence,
  MAX_ENTRY_BYTES,
  MAX_EVIDENCE_LINE_BYTES,
  nameHeadersFile,
  nameStateFile,
  parseEntry,
  parseEvidence,
  parseHeaders,
  parseNodes,
  parseReserves,
  RESERVES_FILE,
  RESERVES_SIGNATURE_FILE,
  type Evidence,
  type HeaderPair,
  type PlacedTransactions,
  type ReserveEntry,
  type Reserves,
} from '../../../protocol/reserves/index.js';
import { formatCount } from '../../../presentation/index.js';
import type { Passed } from '../../checklist.js';
import type { BitcoinContents } from '../bitcoin/chain.js';
import { assertAddresses } from '../accounts/addresses.js';
import { NodeSet } from '../evm/trie.js';
import { refuseReserves } from '../codes.js';
import { readPlacedLines, type LineFormat, type ReservesLine } from '../lines.js';
import type { ReservesSource } from '../source.js';

/** Reserves and their signature, of their form; nothing in them is believed yet. */
export type SignedReserves = { readonly reserves: Reserves; readonly signature: ManifestSignature };

/** What the files of reserves hold, read whole. */
export type ReservesContents = {
  readonly entries: readonly ReservesLine<ReserveEntry>[];
  readonly evidence: readonly ReservesLine<Evidence>[];
  /** By chain. */
  readonly headers: ReadonlyMap<string, HeaderPair>;
  readonly nodes: ReadonlyMap<string, NodeSet>;
  readonly bitcoin: ReadonlyMap<string, BitcoinContents<PlacedTransactions>>;
};

const ENTRY_LINES: LineFormat<ReserveEntry> = {
  name: ENTRIES_FILE,
  maxLineBytes: MAX_ENTRY_BYTES,
  parse: parseEntry,
  keyOf: keyOfEntry,
  malformed: 'entry-malformed',
  unsorted: 'entries-not-sorted',
  codesByField: {
    amount: 'reserve-amount-malformed',
    address: 'account-not-canonical',
    contract: 'account-not-canonical',
  },
};

const EVIDENCE_LINES: LineFormat<Evidence> = {
  name: EVIDENCE_FILE,
  maxLineBytes: MAX_EVIDENCE_LINE_BYTES,
  parse: parseEvidence,
  keyOf: keyOfEvidence,
  malformed: 'evidence-malformed',
  unsorted: 'evidence-not-sorted',
  codesByField: { address: 'account-not-canonical', owner: 'account-not-canonical' },
};

/** 8.1: `reserves.json` and its signature, canonical and of their schemas. */
export function readReserves(source: ReservesSource): Passed<SignedReserves> {
  const reserves = within(RESERVES_FILE, () => parseReserves(source.reserves));
  const signature = within(RESERVES_SIGNATURE_FILE, () => parseSignature(source.signature));
  return {
    value: { reserves, signature },
    compared: `${formatCount(reserves.blocks.length, 'block')}, ${formatCount(reserves.files.length, 'file')}`,
  };
}

/** 8.3: each file as it was signed, and what is in it. Read after the signature: a stranger may have written them. */
export async function readContents(
  source: ReservesSource,
  { files, blocks }: Reserves,
): Promise<Passed<ReservesContents>> {
  const read = async (wanted: string) => {
    const { name, sizeBytes, sha256: expected } = files.find((file) => file.name === wanted)!;
    const bytes = await source.readFile(name, sizeBytes);
    if (bytes.length !== sizeBytes) {
      const found = bytes.length < sizeBytes ? `${bytes.length}: it was cut off` : 'more';
      throw refuseReserves('file-size-differs', `expected ${sizeBytes} bytes of ${name}, got ${found}`);
    }
    const found = bytesToHex(sha256(bytes));
    if (found !== expected) {
      throw refuseReserves('file-hash-differs', `expected SHA-256 ${expected} of ${name}, got ${found}`);
    }
    return bytes;
  };
  const entries = readPlacedLines(await read(ENTRIES_FILE), ENTRY_LINES);
  assertAddresses(entries);
  const evidence = readPlacedLines(await read(EVIDENCE_FILE), EVIDENCE_LINES);
  const headers = new Map<string, HeaderPair>();
  const nodes = new Map<string, NodeSet>();
  const bitcoin = new Map<string, BitcoinContents<PlacedTransactions>>();
  let [nodeCount, transactionCount] = [0, 0];
  for (const { chain } of blocks) {
    if (isAccountChain(chain)) continue;
    if (isBitcoinChain(chain)) {
      const found = await readBitcoinContents(chain, read);
      transactionCount += found.transactions.length;
      bitcoin.set(chain, found);
      continue;
    }
    const [headersFile, stateFile] = [nameHeadersFile(chain), nameStateFile(chain)];
    const [headerBytes, stateBytes] = [await read(headersFile), await read(stateFile)];
    headers.set(
      chain,
      within(headersFile, () => parseHeaders(headerBytes)),
    );
    const set = within(stateFile, () => new NodeSet(parseNodes(stateBytes)));
    nodeCount += set.size;
    nodes.set(chain, set);
  }
  return {
    value: { entries, evidence, headers, nodes, bitcoin },
    compared: [
      formatCount(entries.length, 'entry', 'entries'),
      `${evidence.length} of evidence`,
      formatCount(nodeCount, 'node'),
      ...(bitcoin.size === 0 ? [] : [formatCount(transactionCount, 'transaction')]),
    ].join(', '),
  };
}

async function readBitcoinContents(
  chain: string,
  read: (name: string) => Promise<Uint8Array>,
): Promise<BitcoinContents<PlacedTransactions>> {
  const [headersFile, transactionsFile] = [nameHeadersFile(chain), nameTransactionsFile(chain)];
  const [headerBytes, transactionBytes] = [await read(headersFile), await read(transactionsFile)];
  return {
    headers: within(headersFile, () => parseBitcoinHeaders(headerBytes)),
    transactions: within(transactionsFile, () => new TransactionFile(transactionBytes)),
  };
}
