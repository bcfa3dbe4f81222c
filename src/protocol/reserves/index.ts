export * from './accounts.js';
export * from './binary.js';
export * from './bitcoin.js';
export * from './challenge.js';
export * from './entries.js';
export * from './evidence.js';
export {
  BALANCE_LEVELS,
  type BalanceLevel,
  CONTROL_LEVELS,
  type ControlLevel,
  type Levels,
  countsAt,
} from './primitives.js';
export {
  MAX_RESERVES_BYTES,
  MAX_PINS_BYTES,
  MAX_SIGNATURE_BYTES,
  MAX_ENTRIES_BYTES,
  MAX_ENTRY_BYTES,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_LINE_BYTES,
  MAX_HEADER_BYTES,
  MAX_HEADERS_BYTES,
  MAX_NODE_BYTES,
  MAX_NODES,
  MAX_STATE_BYTES,
  MAX_CHAINS,
  MAX_NAMED,
  MAX_TOKENS,
  MAX_OWNERS,
  MAX_CONFIRMED,
  MAX_TOKEN_DECIMALS,
  MAX_BITCOIN_HEADERS,
  MAX_BITCOIN_HEADERS_BYTES,
  MAX_TRANSACTION_BYTES,
  MAX_TRANSACTIONS,
  MAX_TRANSACTIONS_BYTES,
  MAX_BRANCH_HASHES,
  MAX_SIGNATURE_CHARACTERS,
} from './primitives.js';
export * from './pins.js';
export { joinKey, tokenAmount, unitAmount } from './primitives.js';
export * from './reserves-file.js';
