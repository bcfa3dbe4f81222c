import { sha256 } from '@noble/hashes/sha2.js';

import { bytesToHex, encodeJsonLine, SIGNATURE_FORMAT, signedMessage } from '../protocol/index.js';
import {
  encodeBitcoinHeaders,
  encodeHeaders,
  encodeNodes,
  encodeTransactions,
  ENTRIES_FILE,
  EVIDENCE_FILE,
  hashReserves,
  isAccountChain,
  joinBytes,
  nameHeadersFile,
  nameStateFile,
  nameTransactionsFile,
  RESERVES_FILE,
  RESERVES_SIGNATURE_FILE,
  type Reserves,
} from '../protocol/reserves/index.js';
import type { ReservesDraft, ReservesSurvey } from '../verifier/reserves/making.js';

/** Who signs reserves: a platform's signing key. */
export type ReservesSigner = {
  /** 32 bytes in hexadecimal. */
  readonly publicKey: string;
  readonly sign: (message: Uint8Array) => Uint8Array;
};

/** The files of a directory of reserves, by name. */
export type ReservesFiles = ReadonlyMap<string, Uint8Array>;

/** Writes a draft as its files, with the totals and nodes that its survey found, signed. */
export function encodeReservesDirectory(
  draft: ReservesDraft,
  survey: ReservesSurvey,
  signer: ReservesSigner,
): ReservesFiles {
  const { entries, evidence, headers, nodes: pool, bitcoin, ...head } = draft;
  const listed = new Map<string, Uint8Array>([
    [ENTRIES_FILE, encodeLines(entries)],
    [EVIDENCE_FILE, encodeLines(evidence)],
  ]);
  for (const { chain } of head.blocks) {
    if (isAccountChain(chain)) continue;
    const found = bitcoin?.get(chain);
    if (found !== undefined) {
      listed.set(nameHeadersFile(chain), encodeBitcoinHeaders(found.headers));
      const needed = survey.transactions?.get(chain) ?? found.transactions;
      listed.set(nameTransactionsFile(chain), encodeTransactions(needed));
      continue;
    }
    listed.set(nameHeadersFile(chain), encodeHeaders(headers.get(chain)!));
    listed.set(nameStateFile(chain), encodeNodes(survey.nodes.get(chain) ?? pool.get(chain) ?? []));
  }
  const files = [...listed]
    .map(([name, bytes]) => ({ name, sizeBytes: bytes.length, sha256: bytesToHex(sha256(bytes)) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const reserves: Reserves = { ...head, files, totals: survey.totals };
  return new Map([
    [RESERVES_FILE, encodeJsonLine(reserves)],
    [RESERVES_SIGNATURE_FILE, signReserves(reserves, signer)],
    ...listed,
  ]);
}

/** The bytes of `reserves.sig.json`. */
export function signReserves(reserves: Reserves, { publicKey, sign }: ReservesSigner): Uint8Array {
  return encodeJsonLine({
    format: SIGNATURE_FORMAT,
    algorithm: 'ed25519',
    publicKey,
    signature: bytesToHex(sign(signedMessage(hashReserves(reserves)))),
  });
}

function encodeLines(lines: readonly object[]): Uint8Array {
  return joinBytes(lines.map(encodeJsonLine));
}
