import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex } from '../../../protocol/index.js';
import { refuseReserves } from '../codes.js';
import { asBytes, asInteger, asList, parseRlp } from './rlp.js';

/** What is read of a block's header. */
export type EvmHeader = {
  /** 0x and 64 hexadecimal digits, as all hashes here. */
  readonly hash: string;
  readonly parentHash: string;
  readonly stateRoot: string;
  readonly number: bigint;
  /** Seconds since 1970 UTC. */
  readonly timestampSeconds: bigint;
};

/** Fields of the first headers; forks have added some behind them and changed none. */
const MIN_FIELDS = 15;
const [PARENT, STATE_ROOT, NUMBER, TIMESTAMP] = [0, 3, 8, 11];

/** Reads a header. Its hash is for the caller to compare. @throws SolventError `rlp-malformed`, `header-malformed`. */
export function parseEvmHeader(bytes: Uint8Array): EvmHeader {
  const fields = asList(parseRlp(bytes));
  if (fields.length < MIN_FIELDS) {
    throw refuseReserves(
      'header-malformed',
      `expected at least ${MIN_FIELDS} fields of a header, got ${fields.length}`,
    );
  }
  return {
    hash: hashEvm(bytes),
    parentHash: formatWord(asBytes(fields[PARENT], 32)),
    stateRoot: formatWord(asBytes(fields[STATE_ROOT], 32)),
    number: asInteger(fields[NUMBER], 8),
    timestampSeconds: asInteger(fields[TIMESTAMP], 8),
  };
}

/** Keccak-256 as chains write it. */
export function hashEvm(bytes: Uint8Array): string {
  return formatWord(keccak_256(bytes));
}

/** Bytes as chains write them: 0x and hexadecimal digits in lower case. */
export function formatWord(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`;
}
