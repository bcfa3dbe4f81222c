import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { QuicknetRound } from '../protocol/beacon/index.js';
import { encodeJsonLine, parseJsonLine, parseSchema, primitives as p } from '../protocol/index.js';
import {
  deriveChallenge,
  drawSecondInstant,
  isAccountChain,
  joinBytes,
  encodeBitcoinHeaders,
  encodeHeaders,
  encodeTransactions,
  encodeNodes,
  encodePins,
  ENTRIES_FILE,
  EVIDENCE_FILE,
  keyOfEntry,
  keyOfEvidence,
  MAX_BITCOIN_HEADERS_BYTES,
  MAX_ENTRIES_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_HEADERS_BYTES,
  MAX_PINS_BYTES,
  MAX_STATE_BYTES,
  MAX_TRANSACTIONS_BYTES,
  nameHeadersFile,
  isBitcoinChain,
  nameStateFile,
  nameTransactionsFile,
  parseBitcoinHeaders,
  parseTransactions,
  parseEntry,
  parseEvidence,
  parseHeaders,
  parseNodes,
  parsePins,
  type AccountEntry,
  type AccountPin,
  type ChainEntry,
  type Evidence,
  type HeaderPair,
  type Pins,
  type ReserveEntry,
  type Reserves,
} from '../protocol/reserves/index.js';
import {
  makeDirectory,
  readNamedFile,
  writeDirectoryAtomically,
  writeFileAtomically,
} from '../system/index.js';
import type { BitcoinContents } from '../verifier/reserves/making.js';
import type { BitcoinCapture } from './bitcoin/capture.js';
import type { ChainCapture } from './capture.js';
import { refuseMaking } from './errors.js';

/** What a platform fixes at the instant, before anyone signs. */
export type WorkHead = {
  readonly platform: string;
  readonly takenAt: string;
  readonly snapshotHash: string;
  /** The platform's signing key, 64 hexadecimal digits. */
  readonly signingKey: string;
  /** The round of the public beacon that drew a second instant; left out for the snapshot's own. */
  readonly beacon?: QuicknetRound | undefined;
};

/** Reserves between their instant and their publication. */
export type ReservesWork = WorkHead & {
  readonly challenge: string;
  readonly blocks: Reserves['blocks'];
  readonly custodians: Reserves['custodians'];
  readonly encumbrances: Reserves['encumbrances'];
  /** By chain and address, as `joinKey` joins them: who may sign for a wallet contract, and how many must. */
  readonly safes: readonly {
    readonly chain: string;
    readonly address: string;
    readonly owners: readonly string[];
    readonly threshold: number;
  }[];
  /** The reviewed contracts whose code accounts run (EIP-7702), of wallets and of owners. */
  readonly delegations: readonly {
    readonly chain: string;
    readonly address: string;
    readonly delegate: string;
  }[];
  /** The pins that it was captured under, with the blocks of this work. */
  readonly pins: Pins;
  readonly entries: readonly ReserveEntry[];
  readonly evidence: readonly Evidence[];
  readonly headers: ReadonlyMap<string, HeaderPair>;
  readonly nodes: ReadonlyMap<string, readonly Uint8Array[]>;
  /** By Bitcoin network. */
  readonly bitcoin?: ReadonlyMap<string, BitcoinContents>;
};

const WORK_FORMAT = 'solvent/reserves-work/v1';
const WORK_FILE = 'work.json';
/** The pins of a work, in its directory. */
export const WORK_PINS_FILE = 'pins.json';
const MAX_WORK_BYTES = 64 * 1024 * 1024;
const LINE_FEED = 0x0a;

const text = z.string().max(256);
const beacon = z.strictObject({ round: z.int().min(1), signature: z.string().regex(/^[0-9a-f]{96}$/) });
const schema = z.strictObject({
  format: z.literal(WORK_FORMAT),
  platform: p.name,
  takenAt: p.instant,
  snapshotHash: p.sha256Hex,
  signingKey: p.ed25519PublicKey,
  beacon: beacon.optional(),
  challenge: p.sha256Hex,
  blocks: z.array(z.strictObject({ chain: text, number: p.count, hash: text })),
  custodians: z.array(z.strictObject({ id: text, name: p.prose })),
  encumbrances: z.array(
    z.strictObject({
      kind: z.enum(['pledged', 'lent', 'borrowed', 'staked', 'locked', 'other']),
      note: p.prose,
      until: p.instant.nullable(),
    }),
  ),
  safes: z.array(
    z.strictObject({ chain: text, address: text, owners: z.array(text), threshold: z.int().min(1) }),
  ),
  delegations: z.array(z.strictObject({ chain: text, address: text, delegate: text })),
});

/** The work that captures of the chains make, with the challenge that all will sign. */
export function composeWork(
  head: WorkHead,
  captures: readonly ChainCapture[],
  {
    pins,
    encumbrances,
    bitcoin = [],
    accounts = { entries: [], blocks: [] },
  }: {
    readonly pins: Pins;
    readonly encumbrances: Reserves['encumbrances'];
    readonly bitcoin?: readonly BitcoinCapture[];
    readonly accounts?: {
      readonly entries: readonly AccountEntry[];
      readonly blocks: Reserves['blocks'];
    };
  },
): ReservesWork {
  const blocks = sortBy(
    [
      ...[...captures, ...bitcoin].map(({ chain, block: { number, hash } }) => ({ chain, number, hash })),
      ...accounts.blocks,
    ],
    ({ chain }) => chain,
  );
  const entries = [...captures, ...bitcoin, accounts].flatMap(
    (capture): readonly ChainEntry[] => capture.entries,
  );
  const ids = new Set(entries.flatMap(({ custodian }) => custodian ?? []));
  return {
    ...head,
    challenge: challengeOf(head, blocks),
    blocks,
    custodians: pins.custodians.filter(({ id }) => ids.has(id)).map(({ id, name }) => ({ id, name })),
    encumbrances,
    safes: captures.flatMap(({ chain, safes }) =>
      [...safes].map(([address, { owners, threshold }]) => ({ chain, address, owners, threshold })),
    ),
    delegations: captures.flatMap(({ chain, delegations }) =>
      [...delegations].map(([address, delegate]) => ({ chain, address, delegate })),
    ),
    pins: pinBitcoin(pinBlocks(pins, captures), bitcoin),
    entries: sortBy(entries, keyOfEntry),
    evidence: [],
    headers: new Map(captures.map(({ chain, block }) => [chain, block.headers])),
    nodes: new Map(captures.map(({ chain, nodes }) => [chain, nodes])),
    ...(bitcoin.length === 0
      ? {}
      : { bitcoin: new Map(bitcoin.map(({ chain, contents }) => [chain, contents])) }),
  };
}

/** The same wallets and blocks for another snapshot of the same instant, with its own challenge; nobody has signed yet. */
export function rebaseWork(work: ReservesWork, head: WorkHead): ReservesWork {
  return { ...work, ...head, challenge: challengeOf(head, work.blocks), evidence: [] };
}

/** The instant that blocks and signatures are held to: the snapshot's, or the second that a beacon drew after it. */
export function instantOf({ takenAt, beacon: drawnBy }: Pick<WorkHead, 'takenAt' | 'beacon'>): string {
  if (drawnBy === undefined) return takenAt;
  // A pairing for each signature that is imported would take longer than the signatures.
  const key = `${takenAt} ${drawnBy.round} ${drawnBy.signature}`;
  if (drawn?.key !== key) drawn = { key, instant: drawSecondInstant(takenAt, drawnBy) };
  return drawn.instant;
}
let drawn: { readonly key: string; readonly instant: string } | undefined;

function challengeOf(head: WorkHead, blocks: Reserves['blocks']): string {
  return deriveChallenge({ ...head, takenAt: instantOf(head), blocks });
}

/** Writes a new work directory, whole or not at all; it names all wallets, so only its owner may read it. */
export async function saveWork(path: string, work: ReservesWork): Promise<void> {
  await writeDirectoryAtomically(
    path,
    async (directory) => {
      const { pins, entries, evidence, headers, nodes, bitcoin, ...head } = work;
      await makeDirectory(directory);
      const write = (name: string, bytes: Uint8Array) => writeFile(join(directory, name), bytes);
      await write(WORK_FILE, encodeJsonLine({ ...head, format: WORK_FORMAT }));
      await write(WORK_PINS_FILE, encodePins(pins));
      await write(ENTRIES_FILE, encodeLines(entries));
      await write(EVIDENCE_FILE, encodeLines(evidence));
      for (const [chain, pair] of headers) await write(nameHeadersFile(chain), encodeHeaders(pair));
      for (const [chain, contents] of bitcoin ?? []) {
        await write(nameHeadersFile(chain), encodeBitcoinHeaders(contents.headers));
        await write(nameTransactionsFile(chain), encodeTransactions(contents.transactions));
      }
      for (const [chain, list] of nodes) await write(nameStateFile(chain), encodeNodes(list));
    },
    { mode: 0o700 },
  );
}

/** Reads a work directory. @throws SolventError of class `format`, or `file-unreadable`. */
export async function loadWork(path: string): Promise<ReservesWork> {
  const read = (name: string, maxBytes: number) => readNamedFile(join(path, name), maxBytes);
  const head = parseSchema(
    schema,
    WORK_FORMAT,
    parseJsonLine(await read(WORK_FILE, MAX_WORK_BYTES), MAX_WORK_BYTES),
  );
  const headers = new Map<string, HeaderPair>();
  const nodes = new Map<string, Uint8Array[]>();
  const bitcoin = new Map<string, BitcoinContents>();
  const pins = parsePins(await read(WORK_PINS_FILE, MAX_PINS_BYTES));
  for (const { chain } of head.blocks) {
    if (isAccountChain(chain)) continue;
    if (isBitcoinChain(chain)) {
      const headersBytes = await read(nameHeadersFile(chain), MAX_BITCOIN_HEADERS_BYTES);
      const transactionsBytes = await read(nameTransactionsFile(chain), MAX_TRANSACTIONS_BYTES);
      bitcoin.set(chain, {
        headers: parseBitcoinHeaders(headersBytes),
        transactions: parseTransactions(transactionsBytes),
      });
      continue;
    }
    headers.set(chain, parseHeaders(await read(nameHeadersFile(chain), MAX_HEADERS_BYTES)));
    nodes.set(chain, parseNodes(await read(nameStateFile(chain), MAX_STATE_BYTES)));
  }
  if (challengeOf(head, head.blocks) !== head.challenge) {
    throw refuseMaking('work-malformed', {
      expected: `the challenge of its parts in ${WORK_FILE}`,
      found: 'another',
    });
  }
  return {
    ...head,
    pins,
    ...(bitcoin.size === 0 ? {} : { bitcoin }),
    entries: splitLines(await read(ENTRIES_FILE, MAX_ENTRIES_BYTES)).map(parseEntry),
    evidence: splitLines(await read(EVIDENCE_FILE, MAX_EVIDENCE_BYTES)).map(parseEvidence),
    headers,
    nodes,
  };
}

/** Writes what was imported into a work directory, each file whole or not at all. */
export async function saveImported(
  path: string,
  { entries, evidence }: Pick<ReservesWork, 'entries' | 'evidence'>,
): Promise<void> {
  await writeFileAtomically(join(path, ENTRIES_FILE), encodeLines(sortBy(entries, keyOfEntry)));
  await writeFileAtomically(join(path, EVIDENCE_FILE), encodeLines(sortBy(evidence, keyOfEvidence)));
}

/** A work whose outputs were looked for in later blocks. */
export function replaceOutputs(work: ReservesWork, captures: readonly BitcoinCapture[]): ReservesWork {
  const chains = new Set(captures.map(({ chain }) => chain));
  const others = work.entries.filter((entry) => entry.kind !== 'output' || !chains.has(entry.chain));
  const entries = sortBy([...others, ...captures.flatMap((capture) => capture.entries)], keyOfEntry);
  const bitcoin = new Map([
    ...(work.bitcoin ?? []),
    ...captures.map(({ chain, contents }) => [chain, contents] as const),
  ]);
  return { ...work, entries, bitcoin, pins: pinBitcoin(work.pins, captures) };
}

/** Pins with the blocks and tips of captures. */
export function pinBitcoin(pins: Pins, captures: readonly Pick<BitcoinCapture, 'chain' | 'block'>[]): Pins {
  if (pins.bitcoin === undefined) return pins;
  const blocks = new Map(captures.map(({ chain, block }) => [chain, block]));
  return {
    ...pins,
    bitcoin: pins.bitcoin.map((pin) => ({ ...pin, block: blocks.get(pin.chain) ?? pin.block })),
  };
}

/** Writes what `replaceOutputs` changed into a work directory, each file whole or not at all. */
export async function saveSpends(path: string, { entries, pins, bitcoin }: ReservesWork): Promise<void> {
  for (const [chain, { headers, transactions }] of bitcoin ?? []) {
    await writeFileAtomically(join(path, nameHeadersFile(chain)), encodeBitcoinHeaders(headers));
    await writeFileAtomically(join(path, nameTransactionsFile(chain)), encodeTransactions(transactions));
  }
  await writeFileAtomically(join(path, WORK_PINS_FILE), encodePins(pins));
  await writeFileAtomically(join(path, ENTRIES_FILE), encodeLines(entries));
}

/** The list in the order of its keys. */
export function sortBy<T>(list: readonly T[], keyOf: (value: T) => string): T[] {
  return [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The block of an account chain at an instant, which only its reader knows. */
export type AccountBlock = Pick<AccountPin, 'chain'> & { readonly block: NonNullable<AccountPin['block']> };

/** Pins with the blocks of account chains. */
export function pinAccounts(pins: Pins, named: readonly AccountBlock[]): Pins {
  if (pins.accountChains === undefined) return pins;
  const blocks = new Map(named.map(({ chain, block }) => [chain, block]));
  return {
    ...pins,
    accountChains: pins.accountChains.map((pin) => ({ ...pin, block: blocks.get(pin.chain) ?? pin.block })),
  };
}

/** Pins with the blocks of captures. */
export function pinBlocks(pins: Pins, captures: readonly Pick<ChainCapture, 'chain' | 'block'>[]): Pins {
  const blocks = new Map(captures.map(({ chain, block }) => [chain, block]));
  return {
    ...pins,
    chains: pins.chains.map((pin) => {
      const block = blocks.get(pin.chain);
      return block === undefined ? pin : { ...pin, block: { hash: block.hash, nextHash: block.nextHash } };
    }),
  };
}

function encodeLines(lines: readonly object[]): Uint8Array {
  return joinBytes(lines.map(encodeJsonLine));
}

/** Lines of a file, without their line feeds. */
export function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, start);
    lines.push(bytes.subarray(start, end < 0 ? bytes.length : end));
    start = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}
